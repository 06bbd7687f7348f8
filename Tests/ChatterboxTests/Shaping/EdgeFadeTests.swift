import Audio
import Testing

@Suite("EdgeFade")
struct EdgeFadeTests {
  private static let rate = 24_000
  private static let length = 120

  private func fade(_ pieces: [[Float]], last: [Float] = []) -> [Float] {
    var fade = EdgeFade(sampleRate: Self.rate)
    return pieces.flatMap { fade.process($0) } + fade.finish(last)
  }

  private func whole(_ samples: [Float]) -> [Float] {
    var samples = samples
    AudioJoin.fadeIn(&samples, sampleRate: Self.rate)
    AudioJoin.fadeOut(&samples, sampleRate: Self.rate)
    return samples
  }

  @Test(
    "pieces give what fading the whole gives, however short it is",
    arguments: [0, 1, 2, 119, 120, 121, 200, 239, 240, 241, 242, 500, 5000], [1, 50, 130, 10_000])
  func piecewise(count: Int, longest: Int) {
    let samples = noise(count)
    #expect(fade(pieces(of: samples, upTo: longest)) == whole(samples))
    #expect(fade([], last: samples) == whole(samples))
    #expect(fade([Array(samples.dropLast(count / 3))], last: samples.suffix(count / 3)) == whole(samples))
  }

  @Test("both ends are zero, and only 5 ms at each are touched")
  func ends() {
    let samples = noise(1000)
    let faded = fade([samples])
    #expect(faded.first == 0)
    #expect(faded.last == 0)
    #expect(faded[Self.length..<1000 - Self.length] == samples[Self.length..<1000 - Self.length])
  }

  @Test("what comes early is not held back longer than a fade")
  func latency() {
    var fade = EdgeFade(sampleRate: Self.rate)
    #expect(fade.process(noise(1000)).count == 1000 - Self.length)
  }
}
