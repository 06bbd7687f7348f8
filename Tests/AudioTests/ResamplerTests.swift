import Audio
import Testing

@Suite("Resampler")
struct ResamplerTests {
  @Test(
    "a tone arrives in place and at least 80 dB above its error",
    arguments: [
      (22_050, 24_000), (24_000, 22_050), (16_000, 24_000), (48_000, 24_000), (44_100, 24_000),
      (24_000, 48_000), (24_000, 8_000), (24_000, 44_100),
    ])
  func accuracy(from inputRate: Int, to outputRate: Int) throws {
    let input = AudioBuffer(samples: sine(997, seconds: 1, sampleRate: inputRate), sampleRate: inputRate)
    let output = try input.resampled(to: outputRate)
    #expect(output.sampleRate == outputRate)
    #expect(abs(output.samples.count - outputRate) <= 1)
    // The edges ring, as a tone that begins at once must.
    let inner = outputRate / 20..<outputRate - outputRate / 20
    let expected = sine(997, seconds: 1, sampleRate: outputRate)
    #expect(signalToNoise(output.samples[inner], expected: expected[inner]) > 80)
  }

  @Test(
    "a tone at 90 % of what the lower rate can hold keeps its level",
    arguments: [(22_050, 24_000), (24_000, 22_050)])
  func passband(from inputRate: Int, to outputRate: Int) throws {
    let input = AudioBuffer(samples: sine(9_900, seconds: 1, sampleRate: inputRate), sampleRate: inputRate)
    let output = try input.resampled(to: outputRate)
    let inner = outputRate / 20..<outputRate - outputRate / 20
    let expected = sine(9_900, seconds: 1, sampleRate: outputRate)
    #expect(signalToNoise(output.samples[inner], expected: expected[inner]) > 60)
  }

  @Test("what the new rate cannot hold is removed, not folded back")
  func aliasing() throws {
    let input = AudioBuffer(samples: sine(15_000, seconds: 1, sampleRate: 48_000), sampleRate: 48_000)
    let output = try input.resampled(to: 24_000)
    let loudest = output.samples[2400..<21_600].map { abs($0) }.max() ?? 1
    #expect(loudest < 0.000_1)
  }

  @Test("pieces give the same samples as the whole", arguments: [1, 10, 333, 5000, 30_000])
  func chunked(longest: Int) throws {
    let input = noise(longest == 1 ? 2000 : 40_000)
    var resampler = try Resampler(from: 22_050, to: 24_000)
    var output: [Float] = []
    for piece in pieces(of: input, upTo: longest) { output += try resampler.process(piece) }
    output += try resampler.finish()
    let whole = try AudioBuffer(samples: input, sampleRate: 22_050).resampled(to: 24_000).samples
    #expect(output == whole)
  }

  @Test("the length is in proportion, down to nothing", arguments: [0, 1, 2, 10, 100, 1023, 22_050, 100_000])
  func length(count: Int) throws {
    for (inputRate, outputRate) in [(22_050, 24_000), (24_000, 22_050), (8_000, 48_000), (384_000, 1_000)] {
      let input = AudioBuffer(samples: noise(count), sampleRate: inputRate)
      let output = try input.resampled(to: outputRate)
      let expected = (Double(count) * Double(outputRate) / Double(inputRate)).rounded()
      #expect(abs(Double(output.samples.count) - expected) <= 1, "\(inputRate) to \(outputRate)")
    }
  }

  @Test("an impulse stays where it was")
  func noDelay() throws {
    var samples = [Float](repeating: 0, count: 24_000)
    samples[8000] = 1
    let output = try AudioBuffer(samples: samples, sampleRate: 24_000).resampled(to: 48_000).samples
    #expect(output.indices.max { abs(output[$0]) < abs(output[$1]) } == 16_000)
  }

  @Test("output flows while input still comes")
  func streams() throws {
    var resampler = try Resampler(from: 22_050, to: 24_000)
    var ready = 0
    for _ in 0..<20 { ready += try resampler.process(noise(2205)).count }
    #expect(ready > 40_000)
    #expect(try resampler.finish().count < 8000)
  }

  @Test("equal rates pass every bit, even NaN")
  func passThrough() throws {
    var resampler = try Resampler(from: 24_000, to: 24_000)
    let samples: [Float] = noise(1000) + [2, -.infinity, .nan]
    #expect(try resampler.process(samples).map(\.bitPattern) == samples.map(\.bitPattern))
    #expect(try resampler.finish().isEmpty)
  }

  @Test("rates out of range are refused", arguments: [0, -24_000, 999, 384_001, Int.max, Int.min])
  func badRates(rate: Int) {
    for (inputRate, outputRate) in [(rate, 24_000), (24_000, rate), (rate, rate)] {
      #expect(throws: AudioProcessingError.unsupportedSampleRate(rate)) {
        let resampler = try Resampler(from: inputRate, to: outputRate)
        _ = try resampler.finish()
      }
    }
  }

  @Test("dropping an unfinished resampler is fine")
  func dropped() throws {
    for _ in 0..<100 {
      var resampler = try Resampler(from: 22_050, to: 24_000)
      _ = try resampler.process(noise(100))
    }
  }
}
