import Testing
import Text

@testable import Service

@Suite("The lexicon section")
struct LexiconSectionTests {
  @Test("holds respellings and IPA by language, Norwegian's `no` included")
  func entries() throws {
    let yaml = """
      lexicon:
        en:
          nginx: engine X
          Siobhan: /ʃɪˈvɔːn/
        no:
          yes: jess
      """
    let expected = try Lexicon([
      "en": ["nginx": "engine X", "Siobhan": "/ʃɪˈvɔːn/"], "no": ["yes": "jess"],
    ])
    #expect(try load(yaml).lexicon == expected)
  }

  @Test(
    "refuses what a lexicon refuses, at its line",
    arguments: [
      ("lexicon:\n  en:\n    a: b\n    nginx: ''", 4),
      ("lexicon:\n  en:\n    a: b\n    nginx: /x", 4),
      ("lexicon:\n  en:\n    a: b\n    '': x", 4),
      ("lexicon:\n  en: {}\n  xx:\n    a: b", 3),
      ("lexicon:\n  en: {}\n  xx: {}", 3),
      ("lexicon:\n  en:\n    nginx: ~", 3),
      ("lexicon:\n  en:\n    nginx: 8", 3),
      ("lexicon:\n  en:\n    nginx: [a]", 3),
    ])
  func refusals(yaml: String, line: Int) throws {
    let error = try failure(yaml)
    #expect(error?.kind == .wrongValue)
    #expect(error?.place == .line(line, file: "config.yaml"))
  }

  @Test("refuses a word that is there twice but for white space")
  func repeated() throws {
    let error = try failure("lexicon:\n  en:\n    big  apple: a\n    big apple: b")
    #expect(error?.message == LexiconError.repeatedWord("big apple", language: "en").description)
  }
}
