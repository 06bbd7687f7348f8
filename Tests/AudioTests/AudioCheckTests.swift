import Audio
import Testing

@Suite("AudioCheck")
struct AudioCheckTests {
  private func run(
    _ samples: [Float], characters: Int = 14, speed: Double = 1, pauses: Double = 0,
    pieceLength: Int? = nil
  ) -> AudioCheckError? {
    var check = AudioCheck(
      expectedCharacters: characters, speed: speed, pauses: pauses, sampleRate: 24_000)
    do throws(AudioCheckError) {
      for piece in pieceLength.map({ pieces(of: samples, upTo: $0) }) ?? [samples] { try check.add(piece) }
      try check.finish()
      return nil
    } catch {
      return error
    }
  }

  private func tone(_ seconds: Double) -> [Float] { sine(200, seconds: seconds, sampleRate: 24_000) }

  @Test("a second of sound passes for fourteen characters")
  func passes() {
    #expect(run(tone(1)) == nil)
  }

  @Test("what is not finite is named by its position", arguments: [Float.nan, .infinity, -.infinity])
  func notFinite(value: Float) {
    var samples = tone(1)
    samples[12_345] = value
    #expect(run(samples) == .notFinite(sample: 12_345))
    #expect(run(samples, pieceLength: 500) == .notFinite(sample: 12_345))
  }

  @Test("slightly above full scale passes, far above does not")
  func range() {
    var samples = tone(1)
    samples[7] = -1.3
    #expect(run(samples) == nil)
    samples[9] = -2.5
    #expect(run(samples) == .outOfRange(sample: 9, value: -2.5))
  }

  @Test("digital silence and a faint hiss are silent")
  func silence() {
    #expect(run([Float](repeating: 0, count: 24_000)) == .silent(rms: 0))
    guard case .silent(let rms) = run(noise(24_000, amplitude: 0.000_5)) else {
      Issue.record("expected .silent")
      return
    }
    #expect(rms > 0 && rms < 0.001)
  }

  @Test("quiet speech is not silent")
  func quiet() {
    #expect(run(sine(200, seconds: 1, sampleRate: 24_000, amplitude: 0.005)) == nil)
  }

  @Test("speech among long pauses is not silent")
  func pausedSpeech() {
    let pause = AudioJoin.silence(seconds: 60, sampleRate: 24_000)
    #expect(run(pause + tone(1) + pause, pauses: 120) == nil)
  }

  @Test("one value throughout is constant", arguments: [Float(0.5), -1, 0.01])
  func constant(value: Float) {
    #expect(run([Float](repeating: value, count: 24_000)) == .constant(value: value))
  }

  @Test("an offset under a sound is tolerated")
  func offset() {
    #expect(run(tone(1).map { $0 + 0.2 }) == nil)
  }

  @Test("too short for the text is refused")
  func tooShort() {
    #expect(run(tone(1), characters: 200) == .tooShort(seconds: 1, shortest: 2.4))
    #expect(run(tone(1), characters: 200, speed: 2) == .tooShort(seconds: 1, shortest: 1.2))
    #expect(run(tone(3), characters: 200) == nil)
  }

  @Test("no audio at all is too short for any text")
  func empty() {
    #expect(run([], characters: 1) == .tooShort(seconds: 0, shortest: 0.012))
  }

  @Test("too long for the text is refused")
  func tooLong() {
    #expect(run(tone(7), characters: 2) == .tooLong(seconds: 7, longest: 6))
    #expect(run(tone(7), characters: 2, speed: 0.5) == nil)
  }

  @Test("runaway audio is stopped by the piece that goes too far, not at the end")
  func runaway() throws {
    var check = AudioCheck(expectedCharacters: 2, speed: 1, sampleRate: 24_000)
    for _ in 0..<6 { try check.add(tone(1)) }
    #expect(throws: AudioCheckError.tooLong(seconds: 7, longest: 6)) { try check.add(tone(1)) }
  }

  @Test(
    "real speech is plausible in every script",
    // Seconds that espeak-ng takes.
    arguments: [("漢", 1.16), ("私は学生です東京都に住んでいます", 9.22), ("1234567", 5.9), ("😀😀😀", 1.2), ("안녕하세요", 1.0)])
  func scripts(text: String, seconds: Double) {
    for speed in [0.5, 1, 2] {
      #expect(run(tone(seconds / speed), characters: text.count, speed: speed) == nil)
    }
  }

  @Test("pauses that were asked for count as length")
  func pauses() {
    let pause = AudioJoin.silence(seconds: 10, sampleRate: 24_000)
    #expect(run(tone(1) + pause, characters: 2, pauses: 10) == nil)
    #expect(run(tone(1) + pause, characters: 2) == .tooLong(seconds: 11, longest: 6))
    #expect(run(tone(1), characters: 2, pauses: 10) == .tooShort(seconds: 1, shortest: 10.024))
  }

  @Test("a text of pauses alone may be silent")
  func onlyPauses() {
    #expect(run(AudioJoin.silence(seconds: 2, sampleRate: 24_000), characters: 0, pauses: 2) == nil)
  }

  @Test("pieces are judged as the whole", arguments: [1, 100, 5000])
  func incremental(pieceLength: Int) {
    let recordings: [[Float]] = [
      tone(0.2), [Float](repeating: 0, count: 9000), [Float](repeating: 0.5, count: 9000), noise(20, seed: 3),
      tone(0.1) + [.nan], tone(0.1) + [9] + tone(0.1),
    ]
    for samples in recordings {
      for characters in [1, 14, 5000] {
        let whole = run(samples, characters: characters)
        #expect(run(samples, characters: characters, pieceLength: pieceLength) == whole)
      }
    }
  }

  @Test("limits can be the caller's own")
  func ownLimits() throws {
    var limits = AudioCheck.Limits()
    limits.silence = 0.4
    var check = AudioCheck(expectedCharacters: 14, speed: 1, sampleRate: 24_000, limits: limits)
    try check.add(tone(1))
    #expect(throws: AudioCheckError.self) { try check.finish() }
    #expect(check.duration == 1)
  }

  @Test("messages state numbers, and differ")
  func messages() {
    let errors: [AudioCheckError] = [
      .notFinite(sample: 5), .outOfRange(sample: 5, value: 9), .silent(rms: 0), .constant(value: 0.5),
      .tooLong(seconds: 7, longest: 6), .tooShort(seconds: 1, shortest: 2),
    ]
    #expect(Set(errors.map(\.description)).count == errors.count)
    #expect(AudioCheckError.tooLong(seconds: 7, longest: 6).description.contains("at most 6.0 s"))
  }
}
