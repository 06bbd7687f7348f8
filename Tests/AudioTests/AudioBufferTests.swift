import Audio
import Testing

@Suite("AudioBuffer")
struct AudioBufferTests {
  @Test("the duration is samples over rate")
  func duration() {
    #expect(AudioBuffer(samples: [Float](repeating: 0, count: 36_000), sampleRate: 24_000).duration == 1.5)
    #expect(AudioBuffer(samples: [], sampleRate: 24_000).duration == 0)
  }

  @Test("buffers are equal by content and rate")
  func equality() {
    let buffer = AudioBuffer(samples: [0.5], sampleRate: 24_000)
    #expect(buffer == AudioBuffer(samples: [0.5], sampleRate: 24_000))
    #expect(buffer != AudioBuffer(samples: [0.5], sampleRate: 22_050))
    #expect(buffer != AudioBuffer(samples: [0.25], sampleRate: 24_000))
  }

  @Test(
    "clamping brings any value into −1…1",
    arguments: [
      (Float(0.25), Float(0.25)), (1, 1), (-1, -1), (1.001, 1), (-7, -1), (.infinity, 1), (-.infinity, -1),
      (.nan, 0),
    ])
  func clamping(sample: Float, expected: Float) {
    #expect(AudioLevel.clamped(sample) == expected)
    #expect(AudioLevel.clamped([sample, 0]) == [expected, 0])
  }
}
