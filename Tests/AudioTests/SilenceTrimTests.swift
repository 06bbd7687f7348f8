import Audio
import Testing

@Suite("SilenceTrim")
struct SilenceTrimTests {
  @Test("cuts where librosa.effects.trim cuts")
  func parity() throws {
    let voice = try AudioGolden.samples("voice")
    for golden in try AudioGolden.load().trims {
      let samples =
        [Float](repeating: 0, count: golden.before) + voice.map { $0 * golden.gain }
        + [Float](repeating: 0, count: golden.after)
      #expect(SilenceTrim.audibleRange(of: samples) == golden.start..<golden.end, "\(golden)")
    }
  }

  @Test("audio of any length has a range inside it", arguments: [0, 1, 511, 512, 513, 1024, 2048, 5000])
  func lengths(count: Int) {
    let range = SilenceTrim.audibleRange(of: noise(count))
    #expect(range.lowerBound >= 0 && range.upperBound <= count)
    #expect(range.isEmpty == (count == 0))
  }
}
