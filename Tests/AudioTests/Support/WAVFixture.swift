/// Builds WAV files byte by byte, sane or not.
struct WAVFixture {
  var code: UInt16 = 1
  var channels: UInt16 = 1
  var sampleRate: UInt32 = 24_000
  var bits: UInt16 = 16
  /// Bytes of a frame; `nil` computes it.
  var frameSize: UInt16?
  var data: [UInt8] = []
  /// The size that the data chunk claims; `nil` is the truth.
  var dataSize: UInt32?
  /// The size that the file claims; `nil` is the truth.
  var riffSize: UInt32?

  var format: [UInt8] {
    let size = frameSize ?? UInt16(truncatingIfNeeded: Int(channels) * Int(bits) / 8)
    return little(code) + little(channels) + little(sampleRate)
      + little(sampleRate &* UInt32(size)) + little(size) + little(bits)
  }

  var formatChunk: [UInt8] { chunk("fmt ", format) }

  var dataChunk: [UInt8] {
    Array("data".utf8) + little(dataSize ?? UInt32(data.count)) + data
      + (data.count.isMultiple(of: 2) ? [] : [0])
  }

  var bytes: [UInt8] { file(formatChunk + dataChunk) }

  func file(_ chunks: [UInt8]) -> [UInt8] {
    Array("RIFF".utf8) + little(riffSize ?? UInt32(4 + chunks.count)) + Array("WAVE".utf8) + chunks
  }

  func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
    Array(name.utf8) + little(UInt32(content.count)) + content
      + (content.count.isMultiple(of: 2) ? [] : [0])
  }
}

/// A value's bytes, the least significant first.
func little(_ value: some FixedWidthInteger) -> [UInt8] {
  withUnsafeBytes(of: value.littleEndian) { Array($0) }
}

/// A little-endian integer out of a file.
func integer<Value: FixedWidthInteger>(_ bytes: [UInt8], at offset: Int, as type: Value.Type) -> Value {
  bytes[offset..<offset + MemoryLayout<Value>.size].reversed().reduce(0) { $0 << 8 | Value($1) }
}

/// Four characters out of a file.
func tag(_ bytes: [UInt8], at offset: Int) -> String {
  String(decoding: bytes[offset..<offset + 4], as: UTF8.self)
}
