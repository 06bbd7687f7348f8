import Testing

@testable import Text

@Suite("Lines and paragraphs")
struct LineBoundaryTests {
  private func boundaries(_ text: String, _ language: Language = .english) -> [TextChunk.Boundary] {
    SentenceChunker(language: language).chunks(of: text).map(\.boundary)
  }

  @Test(
    "ends a paragraph at a blank line, however it is written",
    arguments: ["\n\n", "\r\n\r\n", "\r\r", "\n \t \n", "\n\n\n\n", "\u{2029}", "\u{0C}", "\u{2028}\u{2028}"])
  func paragraphs(separator: String) {
    #expect(boundaries("One." + separator + "Two.") == [.paragraph, .end])
    #expect(boundaries("one" + separator + "two") == [.paragraph, .end])
  }

  @Test("reads one line break in running text as a space", arguments: ["\n", "\r\n", "\r", " \n "])
  func wrappedLines(lineBreak: String) {
    #expect(sentences("The road goes\(lineBreak)ever on.") == ["The road goes ever on."])
    #expect(sentences("I met Dr.\(lineBreak)Kim, and\(lineBreak)he.") == ["I met Dr. Kim, and he."])
  }

  @Test("reads a long wrapped line as running text even before a capital")
  func wrappedBeforeCapital() {
    let line = "It was the best of times and the worst of times when we first met old"
    #expect(sentences(line + "\nJohn at the door.").count == 1)
  }

  @Test("joins a wrapped line of Chinese or Japanese without a space")
  func wrappedWithoutSpaces() {
    let line = String(repeating: "我们在北京", count: 8)
    #expect(sentences(line + "\n" + line, .chinese) == [line + line])
  }

  @Test("ends a heading at its line")
  func headings() {
    #expect(sentences("Chapter One\nIt was dark.") == ["Chapter One", "It was dark."])
    #expect(sentences("第一章\n天黑了。", .chinese) == ["第一章", "天黑了。"])
    #expect(sentences("머리말\n날이 어두웠다.", .korean) == ["머리말", "날이 어두웠다."])
  }

  @Test("never joins a heading with the text below it into one chunk")
  func headingsStandAlone() {
    let chunks = SentenceChunker(language: .english).chunks(of: "Start.\nA title\nIt was dark.").map(\.text)
    #expect(chunks == ["Start.", "A title", "It was dark."])
  }

  @Test("ends every item of a list", arguments: ["- ", "* ", "• ", "1. ", "12) ", "a) ", "– "])
  func lists(mark: String) {
    let items = ["to buy", "\(mark)milk", "\(mark)bread", "\(mark)eggs"]
    #expect(sentences(items.joined(separator: "\n")) == items)
  }
}
