import Audio
import Testing

@Suite("WAVEncoder")
struct WAVEncoderTests {
  private let pcm = WAVEncoder(encoding: .pcm16, sampleRate: 24_000)
  private let float = WAVEncoder(encoding: .float32, sampleRate: 24_000)

  @Test("a PCM header states every field")
  func pcmHeader() {
    let header = pcm.header(sampleCount: 1000)
    #expect(header.count == 44)
    #expect(tag(header, at: 0) == "RIFF")
    #expect(integer(header, at: 4, as: UInt32.self) == 36 + 2000)
    #expect(tag(header, at: 8) == "WAVE")
    #expect(tag(header, at: 12) == "fmt ")
    #expect(integer(header, at: 16, as: UInt32.self) == 16)
    #expect(integer(header, at: 20, as: UInt16.self) == 1)
    #expect(integer(header, at: 22, as: UInt16.self) == 1)
    #expect(integer(header, at: 24, as: UInt32.self) == 24_000)
    #expect(integer(header, at: 28, as: UInt32.self) == 48_000)
    #expect(integer(header, at: 32, as: UInt16.self) == 2)
    #expect(integer(header, at: 34, as: UInt16.self) == 16)
    #expect(tag(header, at: 36) == "data")
    #expect(integer(header, at: 40, as: UInt32.self) == 2000)
  }

  @Test("a float header is IEEE float with an extension size and a fact chunk")
  func floatHeader() {
    let header = float.header(sampleCount: 1000)
    #expect(header.count == 58)
    #expect(integer(header, at: 4, as: UInt32.self) == 50 + 4000)
    #expect(integer(header, at: 16, as: UInt32.self) == 18)
    #expect(integer(header, at: 20, as: UInt16.self) == 3)
    #expect(integer(header, at: 28, as: UInt32.self) == 96_000)
    #expect(integer(header, at: 32, as: UInt16.self) == 4)
    #expect(integer(header, at: 34, as: UInt16.self) == 32)
    #expect(integer(header, at: 36, as: UInt16.self) == 0)
    #expect(tag(header, at: 38) == "fact")
    #expect(integer(header, at: 42, as: UInt32.self) == 4)
    #expect(integer(header, at: 46, as: UInt32.self) == 1000)
    #expect(tag(header, at: 50) == "data")
    #expect(integer(header, at: 54, as: UInt32.self) == 4000)
  }

  @Test("a stream's sizes are all ones", arguments: WAVEncoding.allCases)
  func streamingHeader(encoding: WAVEncoding) {
    let header = WAVEncoder(encoding: encoding, sampleRate: 24_000).header(sampleCount: nil)
    #expect(integer(header, at: 4, as: UInt32.self) == .max)
    #expect(integer(header, at: header.count - 4, as: UInt32.self) == .max)
    if encoding == .float32 { #expect(integer(header, at: 46, as: UInt32.self) == .max) }
  }

  @Test("the largest file that WAV can express has true sizes, one sample more does not")
  func fourGibibytes() {
    let largest = (Int(UInt32.max) - 44) / 2
    let header = pcm.header(sampleCount: largest)
    #expect(integer(header, at: 40, as: UInt32.self) == UInt32(largest * 2))
    #expect(integer(header, at: 4, as: UInt32.self) == UInt32(largest * 2 + 36))
    for count in [largest + 1, Int.max, -1] {
      #expect(pcm.header(sampleCount: count) == pcm.header(sampleCount: nil), "\(count)")
      #expect(float.header(sampleCount: count) == float.header(sampleCount: nil), "\(count)")
    }
  }

  /// Samples in steps of a 16-bit integer, or beyond, and what they are stored as.
  private static let steps: [(Float, Int16)] = [
    (0, 0), (16_384, 16_384), (-16_384, -16_384), (32_767, 32_767), (32_768, 32_767), (-32_768, -32_768),
    (32_771, 32_767), (-32_771, -32_768), (1e9, 32_767), (-1e9, -32_768), (.infinity, 32_767),
    (-.infinity, -32_768), (.nan, 0), (.leastNonzeroMagnitude, 0), (0.4, 0), (0.6, 1), (-0.6, -1),
    (-0.4, 0), (0.5, 0), (1.5, 2), (32_766.6, 32_767),
  ]

  @Test("PCM rounds to nearest and clamps without wrapping", arguments: steps)
  func quantisation(steps: Float, expected: Int16) {
    #expect(pcm.encode([steps / 32_768]) == little(expected))
  }

  @Test("PCM agrees with rounding done the slow way for every sixteenth of a step")
  func roundingAgrees() {
    let samples = (-524_288...524_288).map { Float($0) / (16 * 32_768) }
    let expected = samples.flatMap { sample -> [UInt8] in
      let rounded = (sample * 32_768).rounded(.toNearestOrEven)
      return little(Int16(min(32_767, rounded)))
    }
    #expect(pcm.encode(samples) == expected)
  }

  @Test("float keeps every bit in range, clamps the rest and drops NaN")
  func floatSamples() {
    let samples: [Float] = [0, -0.0, 0.1, -1, 1, 1e-30]
    #expect(float.encode(samples) == samples.flatMap { little($0.bitPattern) })
    #expect(float.encode([2, -2, .nan]) == ([1, -1, 0] as [Float]).flatMap { little($0.bitPattern) })
  }

  @Test("pieces encode to the same bytes as the whole", arguments: WAVEncoding.allCases)
  func piecewise(encoding: WAVEncoding) {
    let encoder = WAVEncoder(encoding: encoding, sampleRate: 24_000)
    let samples = noise(5000, amplitude: 1.2)
    let bytes = pieces(of: samples, upTo: 300).flatMap { encoder.encode($0) }
    #expect(bytes == encoder.encode(samples))
    #expect(bytes.count == samples.count * encoder.bytesPerSample)
    #expect(encoder.encode([]).isEmpty)
  }
}
