import Testing

@testable import Text

@Suite("Kana reader")
struct KanaReaderTests {
  /// mecab is optional: the tests that need it are skipped where it is not installed.
  private static func hasMecab() async -> Bool {
    (try? await Program(name: "mecab").run(["--version"], input: "", outputLimit: 4096)) != nil
  }

  @Test("spells kanji in kana, as they are pronounced", .enabled { await hasMecab() })
  func kanji() async throws {
    let reading = try await KanaReader().reading(of: "東京は今日、とても寒いです。\n\nHello 新聞")
    #expect(!reading.hasKanji)
    #expect(reading.text.hasPrefix("トーキョーワキョー、トテモサムイデス。\n\nHello "))
    #expect(!reading.text.hasSuffix("\n"))
  }

  @Test("reads a text of many lines and characters", .enabled { await hasMecab() })
  func longText() async throws {
    let reading = try await KanaReader().reading(of: String(repeating: "東京は寒いです。", count: 10_000))
    #expect(reading.text == String(repeating: "トーキョーワサムイデス。", count: 10_000))
  }

  @Test("says that kanji are left which the dictionary does not know", .enabled { await hasMecab() })
  func unknownKanji() async throws {
    #expect(try await KanaReader().reading(of: "𰻞𰻞").hasKanji)
  }

  @Test("leaves kana as they are, without asking anyone", arguments: ["ひらがな、カタカナ。", "Hello", ""])
  func kana(text: String) async throws {
    let reading = try await KanaReader(program: "no-such-mecab").reading(of: text)
    #expect(reading == KanaReader.Reading(text: text, hasKanji: false))
  }

  @Test(
    "leaves kanji and says so without the program, or with one that fails",
    arguments: ["no-such-mecab", "false"])
  func withoutProgram(program: String) async throws {
    let reading = try await KanaReader(program: program).reading(of: "東京")
    #expect(reading == KanaReader.Reading(text: "東京", hasKanji: true))
  }

  @Test("stops when its task is cancelled")
  func cancelled() async {
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await KanaReader().reading(of: "東京")
    }
    await #expect(throws: CancellationError.self) { try await task.value }
  }
}
