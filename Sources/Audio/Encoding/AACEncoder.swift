import CVOAACEncoder

/// AAC-LC in ADTS frames by VisualOn's encoder: mono, 64 kbit/s.
final class AACEncoder: AudioEncoder {
  private static let bitsPerSecond: Int32 = 64_000
  private static let frameSize = 1_024
  /// No frame of one channel is longer.
  private static let mostBytes = 2_048

  private var encoder = vo_aac_encoder()
  private var rest: [Int16] = []

  init(sampleRate: Int) throws(AudioEncodingError) {
    let status = vo_aac_start(&encoder, Int32(sampleRate), Self.bitsPerSecond)
    guard status == 0 else {
      vo_aac_end(&encoder)
      throw AudioEncodingError("The AAC encoder refuses \(sampleRate) Hz: \(status).")
    }
  }

  deinit { vo_aac_end(&encoder) }

  func encode(_ samples: [Float]) throws(AudioEncodingError) -> [UInt8] {
    rest += PCM16.encode(samples)
    var bytes: [UInt8] = []
    var start = 0
    while rest.count - start >= Self.frameSize {
      bytes += try frame(Array(rest[start..<start + Self.frameSize]))
      start += Self.frameSize
    }
    rest.removeFirst(start)
    return bytes
  }

  /// What is left, filled up with silence, and the frame that the encoder is behind.
  func finish() throws(AudioEncodingError) -> [UInt8] {
    let silence = [Int16](repeating: 0, count: Self.frameSize)
    let last = rest.isEmpty ? [] : try frame(rest + silence[rest.count...])
    rest = []
    return try last + frame(silence)
  }

  private func frame(_ samples: [Int16]) throws(AudioEncodingError) -> [UInt8] {
    var count: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: Self.mostBytes) { buffer, initialized in
      count = vo_aac_encode(&encoder, samples, buffer.baseAddress, Int32(Self.mostBytes))
      initialized = max(0, Int(count))
    }
    guard count >= 0 else { throw AudioEncodingError("The AAC encoder failed.") }
    return bytes
  }
}
