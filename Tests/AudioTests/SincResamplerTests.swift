import Audio
import Testing

@Suite("SincResampler")
struct SincResamplerTests {
  static let rates = [(24_000, 16_000), (44_100, 24_000), (16_000, 24_000)]

  @Test("what torchaudio's Resample gives, we give to 120 dB", arguments: rates)
  func parity(from inputRate: Int, to outputRate: Int) throws {
    let output = try SincResampler(from: inputRate, to: outputRate).resample(AudioGolden.samples("voice"))
    let expected = try AudioGolden.samples("torchaudio-\(inputRate)-\(outputRate)")
    #expect(signalToNoise(output.prefix(8_000), expected: expected[...]) > 120)
  }

  @Test("the length is torchaudio's")
  func length() throws {
    for row in try AudioGolden.load().lengths {
      let output = try SincResampler(from: row[1], to: row[2])
        .resample([Float](repeating: 0, count: row[0]))
      #expect(output.count == row[4])
    }
  }

  @Test("nothing stays nothing, and equal rates pass every bit")
  func edges() throws {
    #expect(try SincResampler(from: 24_000, to: 16_000).resample([]).isEmpty)
    let samples = noise(100)
    #expect(try SincResampler(from: 24_000, to: 24_000).resample(samples) == samples)
  }

  @Test("rates out of range and ratios that need huge filters are refused")
  func badRates() {
    #expect(throws: AudioProcessingError.unsupportedSampleRate(0)) {
      try SincResampler(from: 0, to: 16_000)
    }
    #expect(throws: AudioProcessingError.unsupportedRatio(from: 383_999, to: 383_998)) {
      try SincResampler(from: 383_999, to: 383_998)
    }
  }
}
