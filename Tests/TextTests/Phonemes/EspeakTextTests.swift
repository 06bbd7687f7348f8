import Testing

@testable import Text

@Suite("Text for espeak-ng")
struct EspeakTextTests {
  @Test("keeps nothing that is a command to the program")
  func commands() {
    #expect(EspeakText.plain("[[a]] [[[b") == "[ [a]] [ [ [b")
    #expect(EspeakText.plain("a\u{1}50Pb\nc\u{0}") == "a 50Pb c ")
    #expect(EspeakText.plain("<b>x</b> [1]") == "<b>x</b> [1]")
  }

  @Test("breaks lines at spaces before the program's buffer is full")
  func longLines() {
    let text = Array(repeating: "слово", count: 1000).joined(separator: " ")
    let lines = EspeakText.lines(of: text)
    #expect(lines.joined(separator: " ") == text)
    #expect(lines.allSatisfy { $0.utf8.count <= 600 })
    #expect(lines.count < 25)
  }

  @Test("breaks a word that is longer than the buffer, and loses nothing")
  func endlessWord() {
    let word = String(repeating: "字", count: 10_000)
    let lines = EspeakText.lines(of: "a \(word) b")
    #expect(lines.joined().filter { $0 != " " } == "a\(word)b")
    #expect(lines.allSatisfy { $0.utf8.count <= 600 })
  }

  @Test("has no line for nothing")
  func empty() {
    #expect(EspeakText.lines(of: " \n ").isEmpty)
  }

  @Test("tells the answers of one run apart by blank lines, and drops language flags")
  func answers() {
    #expect(EspeakDialogue.answers(in: "a b\nc\n\nd\n\n") == ["a b c", "d"])
    #expect(EspeakDialogue.answers(in: "(en)tʃ(ja)lˈe\n\n (x\n") == ["tʃlˈe", "(x"])
    #expect(EspeakDialogue.answers(in: "").isEmpty)
  }
}
