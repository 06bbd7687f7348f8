import Audio
import Testing

@Suite("ReferenceAudioCheck")
struct ReferenceAudioCheckTests {
  private let rate = 24_000

  private func voice(seconds: Double, gain: Float = 1) throws -> AudioBuffer {
    let voice = try AudioGolden.samples("voice")
    let count = Int(seconds * Double(rate))
    return AudioBuffer(samples: (0..<count).map { voice[$0 % voice.count] * gain }, sampleRate: rate)
  }

  private func failure(
    of audio: AudioBuffer, _ limits: ReferenceAudioCheck.Limits = .init()
  ) -> ReferenceAudioError? {
    do throws(ReferenceAudioError) {
      _ = try ReferenceAudioCheck(limits: limits).check(audio)
      return nil
    } catch {
      return error
    }
  }

  @Test("a good recording passes as it is, without a warning")
  func good() throws {
    let audio = try voice(seconds: 8)
    let result = try ReferenceAudioCheck().check(audio)
    #expect(result.audio == audio)
    #expect(result.warnings.isEmpty)
  }

  @Test("nothing, a sample and a second are too short", arguments: [0, 1, 24_000])
  func tooShort(count: Int) {
    let audio = AudioBuffer(samples: noise(count), sampleRate: rate)
    #expect(failure(of: audio) == .tooShort(seconds: audio.duration, shortest: 1))
  }

  @Test("less than five seconds is a warning, and for Turbo an error, five included")
  func short() throws {
    #expect(
      try ReferenceAudioCheck().check(voice(seconds: 3)).warnings == [.short(seconds: 3, advised: 5)])
    #expect(failure(of: try voice(seconds: 5), .turbo) == .tooShort(seconds: 5, shortest: 5))
    #expect(failure(of: try voice(seconds: 5.1), .turbo) == nil)
  }

  @Test("silence, a constant and noise below the floor are silent")
  func silent() throws {
    let constant = AudioBuffer(samples: [Float](repeating: 0.5, count: 48_000), sampleRate: rate)
    #expect(failure(of: constant) == .silent(rms: 0))
    #expect(failure(of: try voice(seconds: 6, gain: 0)) == .silent(rms: 0))
    guard case .silent = failure(of: try voice(seconds: 6, gain: 0.001)) else {
      Issue.record("a whisper below the floor passed")
      return
    }
  }

  @Test("a click in silence is too little sound")
  func click() throws {
    var samples = [Float](repeating: 0, count: 8 * rate)
    samples.replaceSubrange(40_000..<42_000, with: noise(2_000))
    guard
      case .tooLittleSound(let seconds, 0.5) = failure(of: AudioBuffer(samples: samples, sampleRate: rate))
    else {
      Issue.record("a click passed as speech")
      return
    }
    #expect(seconds < 0.25)
  }

  @Test("an overdriven recording is refused, one that is so in places warned of")
  func clipped() throws {
    var loud = try voice(seconds: 8, gain: 4)
    loud.samples = AudioLevel.clamped(loud.samples)
    guard case .clipped(let share) = failure(of: loud) else {
      Issue.record("an overdriven recording passed")
      return
    }
    #expect(share > 0.01)
    var places = try voice(seconds: 8)
    for index in 0..<400 { places.samples[index * 400] = 1 }
    #expect(try ReferenceAudioCheck().check(places).warnings == [.clipped(share: 400.0 / (8 * 24_000))])
  }

  @Test("a long recording is trimmed, and what lies behind is not judged")
  func long() throws {
    var limits = ReferenceAudioCheck.Limits()
    limits.longest = 6
    var audio = try voice(seconds: 8)
    for index in 6 * rate..<8 * rate { audio.samples[index] = 1 }
    let result = try ReferenceAudioCheck(limits: limits).check(audio)
    #expect(result.audio.samples == Array(audio.samples.prefix(6 * rate)))
    #expect(result.warnings == [.trimmed(seconds: 8, used: 6)])
  }

  @Test("each message says what was found and what is needed")
  func messages() {
    #expect("\(ReferenceAudioError.tooShort(seconds: 0.25, shortest: 5))".contains("0.25 s"))
    #expect("\(ReferenceAudioError.tooLittleSound(seconds: 0.1, shortest: 0.5))".contains("0.5 s"))
    #expect("\(ReferenceAudioError.clipped(share: 0.05))".contains("5.0 %"))
    #expect("\(ReferenceAudioWarning.trimmed(seconds: 200, used: 120))".contains("120.0 s"))
  }
}
