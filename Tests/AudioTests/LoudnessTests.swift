import Audio
import Testing

@Suite("Loudness")
struct LoudnessTests {
  private func audio(_ golden: AudioGolden.Loudness) throws -> AudioBuffer {
    let voice = try AudioGolden.samples("voice")
    var samples = (0..<golden.repeats).flatMap { _ in voice }.map { $0 * golden.gain }
    samples.removeLast(golden.dropped)
    return AudioBuffer(samples: samples, sampleRate: 24_000)
  }

  @Test("what pyloudnorm measures, we measure to 0.0001 LU; silence and short audio have no loudness")
  func parity() throws {
    for golden in try AudioGolden.load().loudnesses {
      let loudness = Loudness.integrated(of: try audio(golden))
      if let lufs = golden.lufs {
        #expect(abs(try #require(loudness) - lufs) < 0.0001, "\(golden)")
      } else {
        #expect(loudness == nil, "\(golden)")
      }
    }
  }

  @Test("normalised audio has the loudness that was asked for, and else is the same audio")
  func normalized() throws {
    for golden in try AudioGolden.load().loudnesses where golden.lufs != nil {
      let audio = try audio(golden)
      let normalized = Loudness.normalized(audio)
      #expect(abs(try #require(Loudness.integrated(of: normalized)) + 27) < 0.001)
      let gain = normalized.samples[5000] / audio.samples[5000]
      #expect(abs(normalized.samples[2000] - audio.samples[2000] * gain) < 0.000_001)
    }
  }

  @Test("silence and short audio stay as they are, down to nothing")
  func unchanged() throws {
    for samples in [[], [0.5], noise(9_599), [Float](repeating: 0, count: 48_000)] {
      let audio = AudioBuffer(samples: samples, sampleRate: 24_000)
      #expect(Loudness.normalized(audio) == audio)
    }
  }

  @Test("a full-scale tone of 997 Hz is at −3.01 LUFS, at any rate", arguments: [24_000, 44_100, 48_000])
  func tone(sampleRate: Int) throws {
    let samples = sine(997, seconds: 3, sampleRate: sampleRate, amplitude: 1)
    let loudness = Loudness.integrated(of: AudioBuffer(samples: samples, sampleRate: sampleRate))
    #expect(abs(try #require(loudness) + 3.01) < 0.1)
  }
}
