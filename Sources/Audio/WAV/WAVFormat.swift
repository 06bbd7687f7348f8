/// The `fmt ` chunk of a WAV file, checked.
struct WAVFormat: Hashable, Sendable {
  enum Code {
    static let pcm: UInt16 = 1
    static let float: UInt16 = 3
    static let extensible: UInt16 = 0xFFFE
  }

  /// What a sample looks like, little-endian.
  enum SampleType: Hashable, Sendable {
    case uint8, int16, int24, int32, float32, float64

    /// Bytes that a sample takes.
    var size: Int {
      switch self {
      case .uint8: 1
      case .int16: 2
      case .int24: 3
      case .int32, .float32: 4
      case .float64: 8
      }
    }
  }

  let sampleType: SampleType
  let channelCount: Int
  /// Samples a second and channel, in Hz.
  let sampleRate: Int

  /// Bytes of one sample of every channel.
  var frameSize: Int { channelCount * sampleType.size }

  /// Reads the chunk's content.
  init(chunk: ByteReader) throws(AudioFileError) {
    var chunk = chunk
    var code = try chunk.readUInt16()
    channelCount = Int(try chunk.readUInt16())
    sampleRate = Int(try chunk.readUInt32())
    _ = try chunk.readUInt32()
    let statedFrameSize = Int(try chunk.readUInt16())
    let bits = try chunk.readUInt16()
    if code == Code.extensible { code = try Self.extendedCode(&chunk) }

    guard channelCount > 0 else { throw .malformed("it has no channels") }
    guard AudioBuffer.supportedSampleRates.contains(sampleRate) else {
      throw .unsupportedSampleRate(sampleRate)
    }
    sampleType = try Self.sampleType(code: code, bits: bits)
    guard statedFrameSize == frameSize else {
      throw .malformed("a frame is said to be \(statedFrameSize) bytes, but holds \(frameSize)")
    }
  }

  private static func sampleType(code: UInt16, bits: UInt16) throws(AudioFileError) -> SampleType {
    switch (code, bits) {
    case (Code.pcm, 8): .uint8
    case (Code.pcm, 16): .int16
    case (Code.pcm, 24): .int24
    case (Code.pcm, 32): .int32
    case (Code.float, 32): .float32
    case (Code.float, 64): .float64
    default: throw .unsupported("format \(code) with \(bits) bits")
    }
  }

  /// The format code inside a WAVE_FORMAT_EXTENSIBLE chunk: the first two bytes of its sub-format GUID.
  private static func extendedCode(_ chunk: inout ByteReader) throws(AudioFileError) -> UInt16 {
    // The extension's size, valid bits (samples are left-aligned, so they need no care) and channel mask.
    try chunk.skip(2 + 2 + 4)
    let code = try chunk.readUInt16()
    let rest = try chunk.readBytes(14)
    let expected: [UInt8] = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]
    guard rest.elementsEqual(expected) else { throw .unsupported("an unknown extensible sub-format") }
    return code
  }
}
