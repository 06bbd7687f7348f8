/// WAV as it is made: the header says that its length is not known.
final class WAVStreamEncoder: AudioEncoder {
  private let encoder: WAVEncoder
  private var sampleCount = 0
  private var hasBegun = false

  init(_ encoding: WAVEncoding, sampleRate: Int) {
    encoder = WAVEncoder(encoding: encoding, sampleRate: sampleRate)
  }

  func encode(_ samples: [Float]) -> [UInt8] {
    sampleCount += samples.count
    return beginning + encoder.encode(samples)
  }

  func finish() -> [UInt8] { beginning }

  var finalHeader: [UInt8] { encoder.header(sampleCount: sampleCount) }

  /// The header, once.
  private var beginning: [UInt8] {
    guard !hasBegun else { return [] }
    hasBegun = true
    return encoder.header(sampleCount: nil)
  }
}

/// Samples without anything around them.
final class PCMEncoder: AudioEncoder {
  private let encoder: WAVEncoder

  init(sampleRate: Int) {
    encoder = WAVEncoder(encoding: .pcm16, sampleRate: sampleRate)
  }

  func encode(_ samples: [Float]) -> [UInt8] { encoder.encode(samples) }

  func finish() -> [UInt8] { [] }
}
