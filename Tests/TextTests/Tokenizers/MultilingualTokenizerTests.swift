import Foundation
import Testing

@testable import Text

@Suite("Multilingual tokenizer")
struct MultilingualTokenizerTests {
  private func tokenizer(mecab: String = "mecab") throws -> MultilingualTokenizer {
    try MultilingualTokenizer(contentsOf: TokenizerFixtures.multilingual, mecab: mecab)
  }

  /// mecab is optional: the tests that need it are skipped where it is not installed.
  private static func hasMecab() async -> Bool {
    (try? await Program(name: "mecab").run(["--version"], input: "", outputLimit: 4096)) != nil
  }

  @Test("reads most Japanese sentences with kanji as the reference does", .enabled { await hasMecab() })
  func kanji() async throws {
    let tokenizer = try tokenizer()
    let lines = try TokenizerFixtures.corpus.filter { $0.kanji == true }
    var equal = 0
    for line in lines {
      let tokens = try await tokenizer.tokens(of: line.text, language: .japanese)
      if tokens.tokens == line.multilingual { equal += 1 }
      #expect(tokens.warnings.isEmpty)
    }
    // The rest are other readings of the same kanji: mecab's dictionary is not pykakasi's.
    #expect(lines.count > 30 && equal * 5 >= lines.count * 4, "\(equal) of \(lines.count)")
  }

  @Test("takes syllables apart for Korean, and keeps は at a word's start from being the particle")
  func spellings() {
    #expect(
      String(Jamo.letters(of: Array(" 각 값 ".unicodeScalars)))
        == "\u{1100}\u{1161}\u{11A8} \u{1100}\u{1161}\u{11B9}")
    let parts: [KanaSpelling.Part] = [.word(Array("はし".unicodeScalars)), .character("を")]
    #expect(String(KanaSpelling.spell(parts).text) == " はしを")
  }

  @Test(
    "says what a language had to do without",
    arguments: [
      (Language.russian, "Привет", [TokenizerWarning.russianWithoutStress]),
      (.hebrew, "שלום", [.hebrewWithoutDiacritics]), (.chinese, "你好", [.chineseNotSegmented]),
      (.japanese, "日本", [.kanjiNotRead]), (.japanese, "にほん", []), (.korean, "안녕", []),
      (.english, "日本", []),
    ])
  func warnings(language: Language, text: String, expected: [TokenizerWarning]) async throws {
    let tokens = try await tokenizer(mecab: "no-such-mecab").tokens(of: text, language: language)
    #expect(tokens.warnings == expected)
    #expect(!tokens.tokens.isEmpty)
  }

  @Test("says that a kanji is in no dictionary", .enabled { await hasMecab() })
  func unknownKanji() async throws {
    let tokens = try await tokenizer().tokens(of: "们", language: .japanese)
    #expect(tokens.warnings == [.unknownKanji])
  }

  @Test("says that the checkpoint has no Cangjie table")
  func noCangjieTable() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "tokenizer.json")
    try FileManager.default.createSymbolicLink(at: file, withDestinationURL: TokenizerFixtures.multilingual)
    let tokens = try await MultilingualTokenizer(contentsOf: file).tokens(of: "你好", language: .chinese)
    #expect(tokens.warnings == [.noCangjieTable, .chineseNotSegmented])
    let table = folder.appending(path: "Cangjie5_TC.json")
    for text in ["{}", "[7]", "[\"你\"]", "[\"你\\t你\"]", "["] {
      try Data(text.utf8).write(to: table)
      #expect(throws: TokenizerError.self) { try MultilingualTokenizer(contentsOf: file) }
    }
  }

  @Test("characters that share a Cangjie code are numbered")
  func cangjie() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: url) }
    try Data(#"["日\ta", "曰\ta\tx", "月\tb", "日\tc", "日\ta"]"#.utf8).write(to: url)
    let table = try CangjieTable(contentsOf: url)
    let spelled = table.spelled(Array("日曰月火a".unicodeScalars))
    #expect(String(spelled) == "[cj_a][cj_.][cj_a][cj_1][cj_.][cj_b][cj_.]火a")
  }

  @Test("stops when its task is cancelled")
  func cancelled() async throws {
    let tokenizer = try tokenizer()
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await tokenizer.tokens(of: "東京", language: .japanese)
    }
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test("puts a mark in its place that was none before it was decomposed")
  func compatibilityForm() {
    let text = Array("ｶ\u{308}ﾞ".unicodeScalars).compatibilityDecomposed()
    #expect(text.map(\.value) == [0x30AB, 0x3099, 0x308])
  }
}
