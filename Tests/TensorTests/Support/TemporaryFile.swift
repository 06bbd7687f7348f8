import Foundation
import Tensor

/// The ONNX file of these bytes, written to a temporary place.
func onnxFile(_ bytes: some Collection<UInt8>, name: String = "voice.onnx") throws -> ONNXFile {
  let folder = FileManager.default.temporaryDirectory.appending(path: "chatterbox-tests-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  let path = folder.appending(path: name)
  try Data(bytes).write(to: path)
  return try ONNXFile(path: path.path)
}

/// The checkpoint of these bytes, written to a temporary place. The file is gone afterwards; its map stays.
func checkpoint(_ bytes: some Collection<UInt8>, name: String = "weights.safetensors") throws -> Checkpoint {
  let folder = FileManager.default.temporaryDirectory.appending(path: "chatterbox-tests-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  let path = folder.appending(path: name)
  try Data(bytes).write(to: path)
  return try Checkpoint(path: path.path)
}
