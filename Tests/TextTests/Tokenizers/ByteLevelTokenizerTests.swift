import Foundation
import Testing

@testable import Text

@Suite("Byte-level tokenizer")
struct ByteLevelTokenizerTests {
  /// A copy of the made-up Turbo files that a test may damage.
  @discardableResult
  private func withTurbo<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.copyItem(at: TokenizerFixtures.turbo, to: folder)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
  }

  private func error(replacing name: String, with text: String?) throws -> TokenizerError? {
    try withTurbo { folder in
      try FileManager.default.removeItem(at: folder.appending(path: name))
      if let text { try Data(text.utf8).write(to: folder.appending(path: name)) }
      return #expect(throws: TokenizerError.self) { try ByteLevelTokenizer(folder: folder) }
    }
  }

  @Test("knows Turbo's tags, in either layout of its files")
  func tags() throws {
    let turbo = try ByteLevelTokenizer(folder: TokenizerFixtures.turbo)
    #expect(turbo.vocabularySize == 920)
    #expect(turbo.tags.count == 19)
    #expect(ParalinguisticTag.allCases.allSatisfy { turbo.tags.contains($0.text) })
    let single = try ByteLevelTokenizer(folder: TokenizerFixtures.single)
    #expect(single.tags.isSuperset(of: turbo.tags))
  }

  @Test("reads the tags of added_tokens.json where the configuration lists none, or is missing")
  func legacyFiles() throws {
    let turbo = try ByteLevelTokenizer(folder: TokenizerFixtures.turbo)
    let text = "Hello [laugh] there<|endoftext|>[clear throat]"
    for configuration in [nil, "{\"add_prefix_space\": false}"] {
      let tokens = try withTurbo { folder in
        let url = folder.appending(path: "tokenizer_config.json")
        try FileManager.default.removeItem(at: url)
        if let configuration { try Data(configuration.utf8).write(to: url) }
        return try ByteLevelTokenizer(folder: folder).tokens(of: text).tokens
      }
      #expect(tokens == turbo.tokens(of: text).tokens)
    }
  }

  @Test("a missing or damaged file is named")
  func damagedFiles() throws {
    #expect(try error(replacing: "vocab.json", with: nil) == .unreadable(file: "vocab.json"))
    #expect(try error(replacing: "merges.txt", with: nil) == .unreadable(file: "merges.txt"))
    #expect(try error(replacing: "vocab.json", with: "{") == .notJSON(file: "vocab.json", offset: 1))
    #expect(
      try error(replacing: "vocab.json", with: "{\"a\": 0}")
        == .invalid(
          file: "merges.txt", key: "line 2",
          expected: "two tokens of the vocabulary that make a third one"))
    #expect(
      try error(replacing: "merges.txt", with: "#version: 0.2\na b c\n")
        == .invalid(file: "merges.txt", key: "line 2", expected: "two tokens"))
    for configuration in [
      "{\"add_prefix_space\": true}", "{\"added_tokens_decoder\": {\"x\": {\"content\": \"[a]\"}}}",
      "{\"added_tokens_decoder\": {\"901\": {\"content\": 7}}}", "{\"added_tokens_decoder\": {\"901\": {}}}",
      "{\"added_tokens_decoder\": {\"5\": {\"content\": \"[a]\"}}}", "[",
    ] {
      let error = try error(replacing: "tokenizer_config.json", with: configuration)
      #expect(error?.description.contains("tokenizer_config.json") == true)
    }
  }

  @Test("a vocabulary that lacks a byte is refused")
  func missingByte() throws {
    try withTurbo { folder in
      let url = folder.appending(path: "vocab.json")
      let text = try String(contentsOf: url, encoding: .utf8).replacing("\"Ġ\":", with: "\"other\":")
      try Data(text.utf8).write(to: url)
      try Data().write(to: folder.appending(path: "merges.txt"))
      #expect(throws: TokenizerError.missing(file: "vocab.json", key: "token \"Ġ\" for byte 32")) {
        try ByteLevelTokenizer(folder: folder)
      }
    }
  }

  @Test("the byte alphabet has 256 different characters, as GPT-2's")
  func alphabet() {
    #expect(Set(ByteAlphabet.characters).count == 256)
    #expect(ByteAlphabet.characters[0x20] == "Ġ")
    #expect(ByteAlphabet.characters[0x0A] == "Ċ")
    #expect(ByteAlphabet.characters[0xAD] == "\u{143}")
  }

  @Test(
    "a hostile text ends: 100,000 characters without a space",
    arguments: ["a", "é", "\u{301}\u{323}", "[laugh"])
  func hostile(unit: String) async throws {
    let text = String(repeating: unit, count: 100_000 / unit.unicodeScalars.count)
    let turbo = try ByteLevelTokenizer(folder: TokenizerFixtures.turbo)
    #expect(!turbo.tokens(of: text).tokens.isEmpty)
    let english = try GraphemeTokenizer(contentsOf: TokenizerFixtures.english)
    #expect(english.tokens(of: text).tokens.count <= text.unicodeScalars.count)
    let multilingual = try MultilingualTokenizer(contentsOf: TokenizerFixtures.multilingual)
    _ = try await multilingual.tokens(of: text, language: .japanese)
  }
}
