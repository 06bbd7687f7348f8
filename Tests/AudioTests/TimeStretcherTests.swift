import Audio
import Testing

@Suite("TimeStretcher")
struct TimeStretcherTests {
  private static let speeds = [0.5, 0.6, 0.75, 0.9, 0.99, 1.01, 1.1, 1.25, 1.5, 1.9, 2.0]

  private func stretch(_ samples: [Float], speed: Double, sampleRate: Int = 24_000) throws -> [Float] {
    var stretcher = try TimeStretcher(sampleRate: sampleRate, speed: speed)
    let start = try stretcher.process(samples)
    return start + (try stretcher.finish())
  }

  @Test("a second at a speed lasts 1 / speed seconds, within 2 %", arguments: speeds)
  func length(speed: Double) throws {
    let expected = 24_000 / speed
    let tone = try stretch(sine(200, seconds: 1, sampleRate: 24_000), speed: speed)
    #expect(abs(Double(tone.count) - expected) < expected * 0.02)
    let noise = try stretch(noise(24_000), speed: speed)
    #expect(abs(Double(noise.count) - expected) < expected * 0.02)
  }

  @Test("a minute drifts by less than 0.2 %", arguments: speeds)
  func longLength(speed: Double) throws {
    let expected = 60 * 24_000 / speed
    let output = try stretch(sine(123, seconds: 60, sampleRate: 24_000), speed: speed)
    #expect(abs(Double(output.count) - expected) < expected * 0.002)
  }

  @Test("the pitch of a 200 Hz tone is kept", arguments: speeds)
  func pitchKept(speed: Double) throws {
    let output = try stretch(sine(200, seconds: 1, sampleRate: 24_000), speed: speed)
    let inner = output[2000..<output.count - 2000]
    #expect(abs(pitch(of: inner, sampleRate: 24_000) - 200) < 4)
    let crossings = zip(inner, inner.dropFirst()).count { $0 < 0 && $1 >= 0 }
    let frequency = Double(crossings) * 24_000 / Double(inner.count)
    #expect(abs(frequency - 200) < 6)
  }

  @Test("the level of a tone is kept", arguments: speeds)
  func levelKept(speed: Double) throws {
    let output = try stretch(sine(200, seconds: 1, sampleRate: 24_000), speed: speed)
    let inner = output[2000..<output.count - 2000]
    let loudest = inner.map { abs($0) }.max() ?? 0
    #expect(abs(loudest - 0.5) < 0.02)
  }

  @Test("speed 1 passes every bit")
  func passThrough() throws {
    let samples: [Float] = noise(5000) + [1.5, -.infinity, .nan]
    #expect(try stretch(samples, speed: 1).map(\.bitPattern) == samples.map(\.bitPattern))
  }

  @Test("pieces give the same samples as the whole", arguments: [0.7, 1.1, 2.0])
  func chunked(speed: Double) throws {
    let input = zip(sine(140, seconds: 2, sampleRate: 24_000), noise(48_000, amplitude: 0.1)).map { $0 + $1 }
    var stretcher = try TimeStretcher(sampleRate: 24_000, speed: speed)
    var output: [Float] = []
    for piece in pieces(of: input, upTo: 700) { output += try stretcher.process(piece) }
    output += try stretcher.finish()
    #expect(try output == stretch(input, speed: speed))
  }

  @Test(
    "very short inputs are kept in proportion", arguments: [0, 1, 2, 10, 100, 500], [0.5, 0.8, 1.3, 2.0])
  func shortInput(count: Int, speed: Double) throws {
    let output = try stretch(noise(count), speed: speed)
    #expect(abs(Double(output.count) - Double(count) / speed) <= 1)
    if count >= 10 { #expect(output.contains { $0 != 0 }) }
  }

  @Test("samples beyond full scale are clamped, not wrapped, and NaN does no harm")
  func clamps() throws {
    let output = try stretch(sine(200, seconds: 0.5, sampleRate: 24_000, amplitude: 3), speed: 1.5)
    let jumps = zip(output, output.dropFirst()).map { abs($0 - $1) }
    #expect(output.allSatisfy { abs($0) <= 1 })
    #expect((jumps.max() ?? 2) < 0.5)
    #expect(try stretch([Float](repeating: .nan, count: 3000), speed: 0.8).allSatisfy { $0 == 0 })
  }

  @Test("every rate that is accepted works", arguments: [1_000, 4_000, 8_000, 22_050, 48_000, 384_000])
  func rates(sampleRate: Int) throws {
    for speed in [0.5, 1.5] {
      let output = try stretch(noise(sampleRate), speed: speed, sampleRate: sampleRate)
      let expected = Double(sampleRate) / speed
      #expect(abs(Double(output.count) - expected) < expected * 0.05)
    }
  }

  @Test(
    "speeds out of range are refused",
    arguments: [0, -1, 0.49, 2.01, .infinity, -.infinity, 1e300] as [Double])
  func badSpeed(speed: Double) {
    #expect(throws: AudioProcessingError.unsupportedSpeed(speed)) { try stretch([], speed: speed) }
  }

  @Test("NaN is no speed, and a rate out of range is refused")
  func badArguments() {
    #expect(throws: AudioProcessingError.self) { try stretch([], speed: .nan) }
    for rate in [0, -1, 999, 384_001, Int.max] {
      #expect(throws: AudioProcessingError.unsupportedSampleRate(rate)) {
        try stretch([], speed: 1.5, sampleRate: rate)
      }
    }
    #expect(AudioProcessingError.unsupportedSpeed(3).description.contains("0.5–2.0"))
  }
}
