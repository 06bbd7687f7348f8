import Audio
import Testing

@Suite("Resampler beside librosa")
struct ResamplerParityTests {
  @Test("what librosa.resample gives, we give to 100 dB", arguments: SincResamplerTests.rates)
  func parity(from inputRate: Int, to outputRate: Int) throws {
    let input = AudioBuffer(samples: try AudioGolden.samples("voice"), sampleRate: inputRate)
    let output = try input.resampledToFullLength(at: outputRate)
    let expected = try AudioGolden.samples("librosa-\(inputRate)-\(outputRate)")
    #expect(signalToNoise(output.samples.prefix(8_000), expected: expected[...]) > 100)
  }

  @Test("the length is librosa's")
  func length() throws {
    for row in try AudioGolden.load().lengths {
      let input = AudioBuffer(samples: [Float](repeating: 0, count: row[0]), sampleRate: row[1])
      #expect(try input.resampledToFullLength(at: row[2]).samples.count == row[3])
    }
  }
}
