import Testing

@testable import Text

@Suite("espeak-ng phonemes")
struct EspeakPhonemizerTests {
  private let english = EspeakPhonemizer(voice: "en-us")

  private func phonemes(_ text: String) async throws -> String {
    try await english.phonemes(of: [.text(text)])
  }

  @Test("puts the marks back where they were")
  func marks() async throws {
    let phonemes = try await phonemes("Hello, world! How are you? Fine; thanks: bye.")
    #expect(phonemes.filter { ",.!?;:".contains($0) } == ",!?;:.")
    #expect(phonemes.hasPrefix("həlˈoʊ, wˈɜːld! "))
    #expect(phonemes.hasSuffix("."))
  }

  @Test("speaks given sounds as they are, among words")
  func ipa() async throws {
    let phonemes = try await english.phonemes(of: [.text("I met "), .ipa("ʃɪˈvɔːn"), .text(", today.")])
    #expect(phonemes.contains("mˈɛt ʃɪˈvɔːn, "))
    #expect(try await english.phonemes(of: [.ipa("ʃɪˈvɔːn")]) == "ʃɪˈvɔːn")
  }

  @Test("decomposes letters, as the voices were trained")
  func decomposes() async throws {
    #expect(try await english.phonemes(of: [.ipa("ç")]).unicodeScalars.map(\.value) == [0x63, 0x327])
  }

  @Test("keeps its place when the program parts a clause otherwise")
  func innerClauses() async throws {
    let phonemes = try await phonemes("The U.S. Army, Dr. Kim and J. R. R. Tolkien came. Then three.")
    #expect(phonemes.filter { ",.".contains($0) } == ",..")
    #expect(phonemes.hasSuffix("ðˈɛn θɹˈiː."))
  }

  @Test("has no phonemes for what is not spoken", arguments: ["", " ", "...", "—", "\u{1}", "🎉"])
  func nothing(text: String) async throws {
    #expect(try await phonemes(text) == "")
  }

  @Test("reads what looks like markup as text")
  func markup() async throws {
    let spelt = try await phonemes("say [[h@l@U]] now")
    #expect(!spelt.contains("hələʊ"))
    #expect(try await phonemes("a <b>bold</b> word").contains("bˈoʊld"))
    #expect(try await phonemes("one \u{1}+99S two") == phonemes("one +99S two"))
  }

  @Test("speaks every clause of a long text, in order")
  func longText() async throws {
    let numbers = ["One", "Two", "Three", "Four", "Five", "Six"]
    let single = try await phonemes("Two.")
    let text = (0..<2_000).map { numbers[$0 % 6] + "." }.joined(separator: " ")
    let all = try await phonemes(text).split(separator: " ")
    #expect(all.count == 2_000)
    #expect(all[1] == single && all[1_999] == single)
  }

  @Test("reads a word of 10,000 letters and a line of 10,000 words whole")
  func longLines() async throws {
    #expect(try await phonemes(String(repeating: "a", count: 10_000)).count > 1_000)
    let line = try await phonemes(Array(repeating: "word", count: 10_000).joined(separator: " "))
    #expect(line.split(separator: " ").count == 10_000)
  }

  @Test("drops the flags of other languages")
  func flags() async throws {
    let phonemes = try await EspeakPhonemizer(voice: "ja").phonemes(of: [.text("東京、hello。")])
    #expect(!phonemes.contains("(") && !phonemes.isEmpty)
  }

  @Test("says how to install a missing program")
  func missing() async throws {
    let phonemizer = EspeakPhonemizer(voice: "en-us", program: "no-such-espeak")
    let error = await #expect(throws: EspeakError.missing) {
      try await phonemizer.phonemes(of: [.text("Hi.")])
    }
    let message = try #require(error).description
    #expect(message.contains("apt install espeak-ng") && message.contains("brew install espeak-ng"))
  }

  @Test("says that a voice or the program does not work")
  func failing() async {
    let unknown = EspeakPhonemizer(voice: "xx-none")
    await #expect(throws: EspeakError.failed("exit status 1")) {
      try await unknown.phonemes(of: [.text("Hi.")])
    }
  }

  @Test("stops when its task is cancelled")
  func cancelled() async {
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await english.phonemes(of: [.text("Hi.")])
    }
    await #expect(throws: EspeakError.cancelled) { try await task.value }
  }
}
