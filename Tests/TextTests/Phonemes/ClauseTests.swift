import Testing

@testable import Text

@Suite("Clauses")
struct ClauseTests {
  /// The clauses in short: parts with `~` where no space parts them, IPA in slashes, then the mark.
  private func clauses(_ runs: [SpokenRun], _ language: Language = .english) -> [String] {
    Clause.clauses(of: runs, language: language).map { clause in
      let parts = clause.parts.enumerated().map { index, part in
        let glue = index == 0 ? "" : part.isSpaced ? " " : "~"
        return switch part.content {
        case .words(let words): glue + words
        case .ipa(let ipa): glue + "/\(ipa)/"
        }
      }
      return parts.joined() + "|" + (clause.mark.map(String.init) ?? "")
    }
  }

  @Test(
    "parts a text at every mark but those inside numbers and abbreviations",
    arguments: [
      (.english, "Well, yes; no: ok! Then? End", ["Well|,", "yes|;", "no|:", "ok|!", "Then|?", "End|"]),
      (.english, "Dr. Kim paid 1,000.50 at 10:30.", ["Dr. Kim paid 1,000.50 at 10:30|."]),
      (.english, "Wait... what? Well... So", ["Wait|,", "what|?", "Well|.", "So|"]),
      (.english, "One — two—three – four.", ["One|;", "two|;", "three|;", "four|."]),
      (.english, "\"Yes,\" he said. (No.)", ["\"Yes|,", "he said|.", "(No|."]),
      (.english, "What?! No!?", ["What|?", "No|!"]), (.english, ", . ! ...", []), (.english, "", []),
      (.chinese, "你好，世界。真的？", ["你好|,", "世界|.", "真的|?"]),
      (.arabic, "نعم، لا؛ متى؟", ["نعم|,", "لا|;", "متى|?"]),
      (.greek, "Τι; Ναι· όχι.", ["Τι|?", "Ναι|;", "όχι|."]), (.hindi, "राम आया। क्या?", ["राम आया|.", "क्या|?"]),
    ] as [(Language, String, [String])])
  func marks(language: Language, text: String, expected: [String]) {
    #expect(clauses([.text(text)], language) == expected)
  }

  @Test("keeps given sounds in their clause, spaced as the text was")
  func ipa() {
    #expect(
      clauses([.text("I met "), .ipa("x"), .text(", then "), .ipa("y"), .text(".")]) == [
        "I met /x/|,", "then /y/|.",
      ])
    #expect(clauses([.text("pre-"), .ipa("x"), .text("ed it")]) == ["pre-~/x/~ed it|"])
    #expect(clauses([.text("so ("), .ipa("x"), .text(") ok")]) == ["so ( /x/ ) ok|"])
    #expect(clauses([.ipa("x"), .ipa("y")]) == ["/x/~/y/|"])
  }

  @Test("ends the text at the full stop of a last abbreviation")
  func lastAbbreviation() {
    #expect(clauses([.text("You and I. ")]) == ["You and I.|."])
    #expect(clauses([.text("At 5 p.m.")]) == ["At 5 p.m.|."])
  }

  @Test("keeps an abbreviation with the sounds after it")
  func abbreviationBeforeIPA() {
    #expect(clauses([.text("Dr. "), .ipa("x")]) == ["Dr. /x/|"])
  }
}
