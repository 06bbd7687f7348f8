/// Reads bytes one after another; running out of them is an error, never a trap.
struct ByteReader {
  private let bytes: ArraySlice<UInt8>
  private(set) var position: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  /// The bytes that are left.
  var remaining: Int { bytes.endIndex - position }

  mutating func readBytes(_ count: Int) throws(AudioFileError) -> ArraySlice<UInt8> {
    guard count <= remaining else { throw .truncated(expected: count, found: remaining) }
    defer { position += count }
    return bytes[position..<position + count]
  }

  mutating func skip(_ count: Int) throws(AudioFileError) { _ = try readBytes(count) }

  mutating func readUInt16() throws(AudioFileError) -> UInt16 {
    try readBytes(2).reversed().reduce(0) { $0 << 8 | UInt16($1) }
  }

  mutating func readUInt32() throws(AudioFileError) -> UInt32 {
    try readBytes(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }
}
