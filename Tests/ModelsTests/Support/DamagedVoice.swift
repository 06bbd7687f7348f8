import Foundation
import Models
import Tensor

/// The bytes of the smallest voice, to be damaged.
enum DamagedVoice {
  static var intact: Data {
    get throws { try Data(contentsOf: VITSFixture.folder.appending(path: "synthetic-x_low.onnx")) }
  }

  /// Loads a voice from bytes, and has it speak if it loads.
  static func speak(_ bytes: Data, on backend: Backend) throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "damaged-\(UUID().uuidString).onnx")
    defer { try? FileManager.default.removeItem(at: path) }
    try bytes.write(to: path)
    let vits = try VITS(ONNXFile(path: path.path), on: backend)
    let ids = ([1, 0, 20, 0, 2] as [Int32]).filter { $0 < vits.vocabulary }
    guard !ids.isEmpty, vits.speakers > 0 else { return }
    var utterance = try vits.utterance(ids, seed: 1)
    while try vits.next(&utterance) != nil {}
  }
}
