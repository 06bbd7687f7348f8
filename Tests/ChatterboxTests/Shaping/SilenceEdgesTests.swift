import Audio
import Testing

@Suite("SilenceEdges")
struct SilenceEdgesTests {
  private static let rate = 1000

  /// At 1,000 Hz: 10 samples stay before the speech and 30 after.
  private func trim(_ pieces: [[Float]]) -> [Float] {
    var edges = SilenceEdges(sampleRate: Self.rate)
    return pieces.flatMap { edges.process($0) }
  }

  static let signals: [[Float]] = [
    silence(100) + noise(200) + silence(100),
    silence(5) + noise(50) + silence(5),
    noise(300),
    silence(40) + noise(1) + silence(40),
    silence(50) + noise(20) + silence(200) + noise(20, seed: 3) + silence(31) + noise(5) + silence(29),
    silence(300),
    [],
    silence(20) + [Float](repeating: 0.003, count: 50) + noise(10) + [Float](repeating: -0.003, count: 50),
  ]

  @Test("the whole and its pieces give what trimming at once gives", arguments: signals, [1, 3, 20, 1000])
  func piecewise(signal: [Float], longest: Int) {
    let expected = AudioJoin.trimSilence(signal, sampleRate: Self.rate)
    #expect(trim([signal]) == expected)
    for seed in 1...5 as ClosedRange<UInt64> {
      #expect(trim(pieces(of: signal, upTo: longest, seed: seed)) == expected)
    }
  }

  @Test("10 ms stay before the first audible sample and 30 ms after the last")
  func margins() {
    #expect(trim([silence(100), noise(7), silence(100)]) == silence(10) + noise(7) + silence(30))
  }

  @Test("silence inside passes in full, once speech follows it")
  func inside() {
    let signal = noise(10) + silence(500) + noise(10, seed: 2)
    var edges = SilenceEdges(sampleRate: Self.rate)
    #expect(edges.process(noise(10) + silence(500)).count == 40)
    #expect(edges.process(noise(10, seed: 2)).count == 480)
    #expect(trim([signal]) == signal)
  }

  @Test("nothing comes of silence, however long")
  func onlySilence() {
    #expect(trim([silence(1000), silence(1000), []]).isEmpty)
  }

  @Test("the threshold itself is audible, and the sign makes no difference", arguments: [1, -1] as [Float])
  func threshold(sign: Float) {
    #expect(trim([[sign * AudioJoin.silenceThreshold]]).count == 1)
    #expect(trim([[sign * AudioJoin.silenceThreshold.nextDown]]).isEmpty)
  }
}
