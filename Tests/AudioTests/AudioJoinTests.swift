import Audio
import Testing

@Suite("AudioJoin")
struct AudioJoinTests {
  @Test(
    "silence is exact to the sample",
    arguments: [
      (0.4, 24_000, 9600), (0.4, 22_050, 8820), (0.001, 44_100, 44), (1.5 / 24_000, 24_000, 2),
      (0, 24_000, 0),
      (-1, 24_000, 0), (.nan, 24_000, 0), (-.infinity, 24_000, 0), (.infinity, 1_000, 3_600_000),
    ])
  func silence(seconds: Double, sampleRate: Int, count: Int) {
    let silence = AudioJoin.silence(seconds: seconds, sampleRate: sampleRate)
    #expect(silence.count == count)
    #expect(silence.allSatisfy { $0 == 0 })
  }

  @Test("a fade in rises from zero without falling and leaves the rest alone")
  func fadeIn() {
    var samples = [Float](repeating: 0.8, count: 1000)
    AudioJoin.fadeIn(&samples, milliseconds: 5, sampleRate: 24_000)
    #expect(samples[0] == 0)
    #expect(zip(samples, samples.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(samples[60] == 0.4)
    #expect(samples[119] < 0.8)
    #expect(samples[120...].allSatisfy { $0 == 0.8 })
  }

  @Test("a fade out is a fade in, mirrored")
  func fadeOut() {
    let original = noise(1000)
    var mirrored = Array(original.reversed())
    AudioJoin.fadeIn(&mirrored, sampleRate: 24_000)
    var samples = original
    AudioJoin.fadeOut(&samples, sampleRate: 24_000)
    #expect(samples == mirrored.reversed())
    #expect(samples.last == 0)
    #expect(samples[..<880] == original[..<880])
  }

  @Test("a fade over fewer samples than it is long stays within them", arguments: [0, 1, 2, 50])
  func shortFade(count: Int) {
    var samples = [Float](repeating: 1, count: count)
    AudioJoin.fadeIn(&samples, sampleRate: 24_000)
    AudioJoin.fadeOut(&samples, sampleRate: 24_000)
    #expect(samples.count == count)
    #expect(samples.allSatisfy { (0...1).contains($0) })
    #expect((samples.first ?? 0) == 0 && (samples.last ?? 0) == 0)
  }

  @Test("a fade of no length changes nothing", arguments: [0, -5, .nan] as [Double])
  func noFade(milliseconds: Double) {
    var samples = noise(100)
    AudioJoin.fadeIn(&samples, milliseconds: milliseconds, sampleRate: 24_000)
    AudioJoin.fadeOut(&samples, milliseconds: milliseconds, sampleRate: 24_000)
    #expect(samples == noise(100))
  }

  @Test("faded ends join without a jump")
  func noClick() {
    var first = sine(333, seconds: 0.1, sampleRate: 24_000).map { $0 + 0.3 }
    var second = sine(333, seconds: 0.1, sampleRate: 24_000).map { $0 - 0.3 }
    AudioJoin.fadeOut(&first, sampleRate: 24_000)
    AudioJoin.fadeIn(&second, sampleRate: 24_000)
    let joined = first + second
    let jumps = zip(joined, joined.dropFirst()).map { abs($0 - $1) }
    #expect((jumps.max() ?? 1) < 0.06)
  }

  @Test("silence around speech is cut to what is kept")
  func trim() {
    let speech = [Float](repeating: 0.5, count: 2400)
    let quiet = [Float](repeating: 0.001, count: 5000)
    let trimmed = AudioJoin.trimSilence(
      quiet + speech + quiet, keepingLeading: 10, keepingTrailing: 30, sampleRate: 24_000)
    #expect(trimmed == quiet[..<240] + speech + quiet[..<720])
  }

  @Test("less silence than is kept stays as it is")
  func trimNothing() {
    let samples: [Float] = [0, 0, 0.5, -0.5, 0]
    #expect(AudioJoin.trimSilence(samples, sampleRate: 24_000) == samples)
    #expect(
      AudioJoin.trimSilence(samples, keepingLeading: 0, keepingTrailing: 0, sampleRate: 24_000) == [
        0.5, -0.5,
      ])
  }

  @Test("silence inside speech is kept")
  func trimInside() {
    let samples: [Float] = [0.5] + [Float](repeating: 0, count: 9000) + [-0.5]
    #expect(AudioJoin.trimSilence(samples, sampleRate: 24_000) == samples)
  }

  @Test("the threshold itself is audible, just below is not")
  func threshold() {
    let samples: [Float] = [0.099, -0.1, 0.099]
    let trimmed = AudioJoin.trimSilence(
      samples, threshold: 0.1, keepingLeading: 0, keepingTrailing: 0, sampleRate: 24_000)
    #expect(trimmed == [-0.1])
  }

  @Test("nothing audible leaves nothing")
  func allSilent() {
    #expect(AudioJoin.trimSilence([], sampleRate: 24_000).isEmpty)
    #expect(AudioJoin.trimSilence([Float](repeating: 0.001, count: 100), sampleRate: 24_000).isEmpty)
  }
}
