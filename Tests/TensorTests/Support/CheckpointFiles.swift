import Foundation

/// Builds checkpoint files byte by byte, so that tests can make them lie.
enum CheckpointFiles {
  static let fixtures = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/checkpoints")

  /// A safetensors file of a header and the bytes behind it.
  static func safetensors(_ header: String, _ tensors: [UInt8] = [], length: UInt64? = nil) -> Data {
    let json = Data(header.utf8)
    var data = Data()
    withUnsafeBytes(of: (length ?? UInt64(json.count)).littleEndian) { data.append(contentsOf: $0) }
    return data + json + Data(tensors)
  }

  static func bytes(_ floats: [Float]) -> [UInt8] {
    floats.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian, Array.init) }
  }

  /// A ZIP archive of stored members, as `torch.save` writes.
  static func zip(_ members: [(name: String, bytes: [UInt8])]) -> Data {
    var data = Data()
    var directory = Data()
    for (name, bytes) in members {
      let offset = data.count
      let sizes = little(UInt32(0)) + little(UInt32(bytes.count)) + little(UInt32(bytes.count))
      let common = little(UInt16(20)) + little(UInt32(0)) + little(UInt32(0)) + sizes
      data += [0x50, 0x4B, 3, 4] + common + little(UInt16(name.utf8.count)) + little(UInt16(0))
      data += Data(name.utf8) + Data(bytes)
      directory += [0x50, 0x4B, 1, 2] + little(UInt16(20)) + common + little(UInt16(name.utf8.count))
      directory += [UInt8](repeating: 0, count: 12) + little(UInt32(offset)) + Data(name.utf8)
    }
    let start = data.count
    let count = little(UInt16(members.count))
    return data + directory + [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + count + count
      + little(UInt32(directory.count)) + little(UInt32(start)) + little(UInt16(0))
  }

  /// A PyTorch file of a pickle and one storage, `0`.
  static func torch(pickle: [UInt8], storage: [UInt8] = [UInt8](repeating: 0, count: 16)) -> Data {
    zip([("archive/data.pkl", pickle), ("archive/data/0", storage)])
  }

  /// The pickle of `{"weight": tensor}` with the given offset, sizes and strides.
  static func tensorPickle(offset: Int32, shape: [Int32], strides: [Int32]) -> [UInt8] {
    var pickle: [UInt8] = [0x80, 2] + Array("}".utf8) + text("weight")
    pickle += global("torch._utils", "_rebuild_tensor_v2") + Array("(".utf8)
    pickle += Array("(".utf8) + text("storage") + global("torch", "FloatStorage")
    pickle += text("0") + text("cpu") + integer(4) + Array("tQ".utf8)
    pickle += integer(offset) + tuple(shape) + tuple(strides)
    return pickle + [0x89] + global("collections", "OrderedDict") + Array(")RtRs.".utf8)
  }

  static func text(_ text: String) -> [UInt8] {
    [UInt8(ascii: "X")] + Array(little(UInt32(text.utf8.count))) + Array(text.utf8)
  }

  static func global(_ module: String, _ name: String) -> [UInt8] { Array("c\(module)\n\(name)\n".utf8) }

  static func integer(_ value: Int32) -> [UInt8] {
    [UInt8(ascii: "J")] + Array(little(UInt32(bitPattern: value)))
  }

  private static func tuple(_ values: [Int32]) -> [UInt8] {
    [UInt8(ascii: "(")] + values.flatMap(integer) + [UInt8(ascii: "t")]
  }

  private static func little<Integer: FixedWidthInteger>(_ value: Integer) -> Data {
    withUnsafeBytes(of: value.littleEndian) { Data($0) }
  }
}
