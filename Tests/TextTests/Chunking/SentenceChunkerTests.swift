import Testing

@testable import Text

@Suite("Sentence chunker")
struct SentenceChunkerTests {
  @Test(
    "has nothing to say where there is no letter or digit",
    arguments: ["", " ", "\n\n", "...", "?!", "***", "— …", "🎉🎉", "[]", "\u{0}\u{1}"])
  func nothingToSay(text: String) {
    #expect(sentences(text).isEmpty)
  }

  @Test("passes over pieces without words and still ends the text")
  func passesOver() {
    let chunks = Array(SentenceChunker(language: .english).chunks(of: "One.\n\n* * *\n\nTwo. 🎉 …"))
    #expect(chunks.map(\.text) == ["One.", "Two."])
    #expect(chunks.map(\.boundary) == [.paragraph, .end])
  }

  @Test("reports progress that grows to exactly 1")
  func progress() {
    let text = String(repeating: "Nächster Satz. ", count: 100)
    let progress = SentenceChunker(language: .german).chunks(of: text).map(\.progress)
    #expect(progress == progress.sorted())
    #expect(Set(progress).count == progress.count)
    #expect(progress.first.map { $0 > 0 } == true)
    #expect(progress.last == 1)
  }

  @Test("gives longer silence to stronger boundaries")
  func pauses() {
    let boundaries: [TextChunk.Boundary] = [.word, .clause, .sentence, .paragraph]
    #expect(boundaries.map(\.pause) == [0, 0.12, 0.3, 0.6])
    #expect(TextChunk.Boundary.end.pause == 0)
  }

  @Test("can be walked more than once")
  func repeatable() {
    let chunks = SentenceChunker(language: .english).chunks(of: "One. Two is longer. Three.")
    #expect(Array(chunks) == Array(chunks))
  }

  @Test("covers every word of 10,000 exactly once, in every language", arguments: Language.allCases)
  func coversEveryWord(language: Language) {
    let marks = ["", "", ",", "", ".", "", "?", "", "!", "\n", "\n\n", ";", "", "…", "。", "、", "؟", "।"]
    let text = (0..<10_000).map { "w\($0)ä\(marks[$0 * 7 % marks.count])" }.joined(separator: " ")
    let chunks = Array(SentenceChunker(language: language).chunks(of: text))
    #expect(chunks.flatMap { words($0.text) } == words(text))
    #expect(chunks.allSatisfy { $0.text.unicodeScalars.count <= 400 })
    #expect(chunks.count > 100)
  }

  @Test("covers real prose of 10,000 words exactly once")
  func coversProse() {
    let passage = """
      Chapter 1. The "quick" brown fox (a vixen, e.g. Dr. Kim's) ran 3.14 miles -- no, 1,000! Did it?
      "Yes," she said; "at 5 p.m." See http://x.org/a.b?c=d or a@b.com... and so on: J. R. R. Tolkien
      wrote it — in the U.S. Army, of all places.

      - one item
      - another item
      """
    let text = Array(repeating: passage, count: 200).joined(separator: "\n\n")
    #expect(words(text).count > 10_000)
    let chunks = SentenceChunker(language: .english).chunks(of: text)
    #expect(chunks.flatMap { words($0.text) }.filter(isSpoken) == words(text).filter(isSpoken))
  }

  @Test("makes the first chunk of a very long text without reading the rest")
  func lazy() throws {
    let text = "Hello there. " + String(repeating: "x", count: 5_000_000)
    var chunks = SentenceChunker(language: .english).chunks(of: text).makeIterator()
    #expect(chunks.next()?.text == "Hello there.")
    let second = chunks.next()
    #expect(try #require(second).progress < 0.001)
  }

  @Test(
    "survives a million hostile characters, each kind in linear time",
    arguments: [
      ".", "a. ", "[", "!\"", "\n", "a\n", "1. ", "?! ", "e\u{301}", "👩\u{200D}", "🇩🇪", "我", "ー", ", ", "« ",
      "…", "\u{200F}.", "\u{0}", "- ", "a.b", "('",
    ])
  func hostile(unit: String) {
    let text = String(repeating: unit, count: 1_000_000 / unit.unicodeScalars.count)
    let chunks = SentenceChunker(language: .french).chunks(of: text)
    #expect(chunks.allSatisfy { $0.text.unicodeScalars.count <= 400 })
  }

  @Test("survives a letter with a million accents and a gap of a million spaces")
  func hostileRuns() {
    let accents = "a" + String(repeating: "\u{301}", count: 1_000_000)
    #expect(
      SentenceChunker(language: .english).chunks(of: accents).allSatisfy {
        $0.text.unicodeScalars.count <= 400
      })
    #expect(sentences("One." + String(repeating: " ", count: 1_000_000) + "Two.") == ["One.", "Two."])
  }

  private func isSpoken(_ word: Substring) -> Bool {
    word.contains { $0.isLetter || $0.isNumber }
  }
}
