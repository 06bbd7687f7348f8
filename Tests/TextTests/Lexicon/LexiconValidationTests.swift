import Foundation
import Testing

@testable import Text

@Suite("Lexicon validation")
struct LexiconValidationTests {
  private static let longWord = String(repeating: "a", count: 101)

  @Test(
    "refuses what cannot be an entry, and says which",
    arguments: [
      (["xx": ["a": "b"]], .unknownLanguage("xx")), (["EN": ["a": "b"]], .unknownLanguage("EN")),
      (["en": ["": "b"]], .emptyWord(language: "en")), (["en": [" \n": "b"]], .emptyWord(language: "en")),
      (["en": ["a": ""]], .emptyPronunciation(word: "a")),
      (["en": ["a": " \t"]], .emptyPronunciation(word: "a")),
      (["en": ["a": "//"]], .emptyPronunciation(word: "a")),
      (["en": ["a": "/ /"]], .emptyPronunciation(word: "a")),
      (["en": ["a": "/"]], .loneSlash(word: "a")), (["en": ["a": "/b"]], .loneSlash(word: "a")),
      (["en": ["a": "b/"]], .loneSlash(word: "a")), (["en": ["a": "/b/c/"]], .loneSlash(word: "a")),
      (["en": [longWord: "b"]], .wordTooLong(String(repeating: "a", count: 20))),
      (["en": ["a": longWord + longWord]], .pronunciationTooLong(word: "a")),
      (["en": ["new york": "a", "new  york": "b"]], .repeatedWord("new york", language: "en")),
    ] as [([String: [String: String]], LexiconError)])
  func refuses(entries: [String: [String: String]], expected: LexiconError) {
    #expect(throws: expected) { try Lexicon(entries) }
  }

  @Test("holds 10,000 entries and not one more")
  func limit() throws {
    let words = Dictionary(uniqueKeysWithValues: (0..<10_000).map { ("word\($0)", "x") })
    #expect(try !Lexicon(["en": words]).isEmpty)
    #expect(throws: LexiconError.tooManyEntries(10_001)) {
      try Lexicon(["en": words, "ko": ["서울": "서 울"]])
    }
  }

  @Test(
    "says what to do",
    arguments: [LexiconError.unknownLanguage("EN"), .loneSlash(word: "a"), .tooManyEntries(10_001)])
  func messages(error: LexiconError) {
    let advice = ["Did you mean \"en\"?", "/ʃɪˈvɔːn/", "10000"]
    #expect(advice.contains { error.description.contains($0) })
  }

  @Test("survives JSON and back, in the form of the configuration")
  func coding() throws {
    let json = #"{"en":{"Siobhan":"/ʃɪˈvɔːn/","nginx":"engine X"},"ko":{"서울":"서 울"}}"#
    let lexicon = try JSONDecoder().decode(Lexicon.self, from: Data(json.utf8))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    #expect(String(decoding: try encoder.encode(lexicon), as: UTF8.self) == json)
  }

  @Test("checks decoded entries as it checks given ones")
  func decodingError() {
    let error = #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(Lexicon.self, from: Data(#"{"en":{"a":"/b"}}"#.utf8))
    }
    guard case .dataCorrupted(let context)? = error else {
      Issue.record("not dataCorrupted: \(String(describing: error))")
      return
    }
    #expect(context.debugDescription == LexiconError.loneSlash(word: "a").description)
  }

  @Test("refuses JSON of another shape", arguments: ["[]", #"{"en":"a"}"#, #"{"en":{"a":1}}"#, "null"])
  func otherShapes(json: String) {
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(Lexicon.self, from: Data(json.utf8)) }
  }

  @Test("merges with the other lexicon winning")
  func merging() throws {
    let base = try Lexicon(["en": ["nginx": "engine X", "sql": "sequel"], "de": ["sql": "es ku el"]])
    let request = try Lexicon(["en": ["sql": "S Q L"], "ko": ["서울": "서 울"]])
    let expected = try Lexicon([
      "en": ["nginx": "engine X", "sql": "S Q L"], "de": ["sql": "es ku el"], "ko": ["서울": "서 울"],
    ])
    #expect(base.merging(request) == expected)
    #expect(
      base.merging(request).runs(of: "SQL on nginx", language: .english) == [.text("S Q L on engine X")])
    #expect(base.merging(Lexicon()) == base)
    #expect(Lexicon().merging(base) == base)
  }

  @Test("is empty until it has an entry")
  func empty() throws {
    #expect(Lexicon().isEmpty)
    #expect(try Lexicon(["en": [:]]).isEmpty)
    #expect(try !Lexicon(["en": ["a": "b"]]).isEmpty)
    #expect(try Lexicon(["en": [:]]).hashValue == Lexicon(["en": [:]]).hashValue)
  }
}
