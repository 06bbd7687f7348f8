import Testing

@testable import Text

@Suite("espeak-ng speech")
struct EspeakSynthesizerTests {
  /// The loudest sample of a WAV file with a 44-byte header, 0…1.
  private func peak(of wav: [UInt8]) -> Double {
    let samples = stride(from: 44, to: wav.count - 1, by: 2).map { index in
      Int16(bitPattern: UInt16(wav[index]) | UInt16(wav[index + 1]) << 8)
    }
    return Double(samples.map(\.magnitude).max() ?? 0) / 32_768
  }

  private func integer(_ wav: [UInt8], at offset: Int) -> Int {
    (0..<4).reduce(0) { $0 | Int(wav[offset + $1]) << (8 * $1) }
  }

  private static let greetings: [Language: String] = [
    .arabic: "صباح الخير", .danish: "God morgen", .german: "Guten Morgen", .greek: "Καλημέρα",
    .english: "Good morning", .spanish: "Buenos días", .finnish: "Hyvää huomenta", .french: "Bonjour",
    .hebrew: "בוקר טוב", .hindi: "सुप्रभात", .italian: "Buongiorno", .japanese: "おはよう", .korean: "안녕하세요",
    .malay: "Selamat pagi", .dutch: "Goedemorgen", .norwegian: "God morgen", .polish: "Dzień dobry",
    .portuguese: "Bom dia", .russian: "Доброе утро", .swedish: "God morgon", .swahili: "Habari za asubuhi",
    .turkish: "Günaydın", .chinese: "早上好",
  ]

  @Test("speaks every language aloud", arguments: Language.allCases)
  func everyLanguage(language: Language) async throws {
    let text = try #require(Self.greetings[language])
    let wav = try await EspeakSynthesizer(language: language).wav(of: text)
    #expect(wav.count > 22_050)
    #expect(peak(of: wav) > 0.1)
  }

  @Test("writes a WAV file whose header tells its true length")
  func header() async throws {
    let wav = try await EspeakSynthesizer(language: .english).wav(of: "Hello there.")
    #expect(wav.prefix(4).elementsEqual("RIFF".utf8))
    #expect(wav[36..<40].elementsEqual("data".utf8))
    #expect(integer(wav, at: 4) == wav.count - 8)
    #expect(integer(wav, at: 24) == 22_050)
    #expect(integer(wav, at: 40) == wav.count - 44)
  }

  @Test("speaks markup and commands instead of obeying them")
  func markup() async throws {
    let synthesizer = EspeakSynthesizer(language: .english)
    let loud = try await synthesizer.wav(of: "hello \u{1}0A there")
    #expect(loud.count > 22_050 && peak(of: loud) > 0.1)
    let pause = try await synthesizer.wav(of: "one <break time=\"60s\"/> two")
    #expect(pause.count < 10 * 44_100)
    let spelt = try await synthesizer.wav(of: "[[h@l@U]]")
    let hello = try await synthesizer.wav(of: "hello")
    #expect(spelt.count > hello.count * 3 / 2)
  }

  @Test("says how to install a missing program")
  func missing() async {
    let synthesizer = EspeakSynthesizer(language: .korean, program: "no-such-espeak")
    await #expect(throws: EspeakError.missing) { try await synthesizer.wav(of: "안녕") }
  }

  @Test("stops the program when its task is cancelled")
  func cancelled() async throws {
    let text = String(repeating: "A very long text to speak, without end. ", count: 20_000)
    let task = Task { try await EspeakSynthesizer(language: .english).wav(of: text) }
    try await Task.sleep(for: .milliseconds(100))
    task.cancel()
    await #expect(throws: EspeakError.cancelled) { try await task.value }
  }
}
