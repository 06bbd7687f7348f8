import Testing

@testable import Text

@Suite("Chunk lengths")
struct ChunkLengthTests {
  private func chunks(_ text: String, _ language: Language = .english) -> [TextChunk] {
    Array(SentenceChunker(language: language).chunks(of: text))
  }

  @Test("begins with one sentence and joins later ones up to the target")
  func groups() {
    let sentence = "This sentence has forty letters or so ok."
    let text = Array(repeating: sentence, count: 10).joined(separator: " ")
    let chunks = chunks(text)
    #expect(chunks[0].text == sentence)
    #expect(chunks[1].text == Array(repeating: sentence, count: 4).joined(separator: " "))
    #expect(chunks.map(\.boundary) == [.sentence, .sentence, .sentence, .end])
  }

  @Test("joins no sentences across a paragraph")
  func paragraphsStandAlone() {
    #expect(chunks("A one.\n\nB two.\n\nC three.").map(\.text) == ["A one.", "B two.", "C three."])
  }

  @Test("cuts a long first sentence early, at a clause mark")
  func longFirstSentence() {
    let clause = "and then we went on along the road towards the hills,"
    let text = Array(repeating: clause, count: 10).joined(separator: " ") + " home."
    let first = chunks(text)[0]
    #expect(first.text.count <= 200)
    #expect(first.text.hasSuffix(","))
    #expect(first.boundary == .clause)
  }

  @Test("cuts a long sentence at clause marks, and keeps chunks within the maximum")
  func clauseMarks() {
    let clause = "and then we went on along the road towards the hills,"
    let text = Array(repeating: clause, count: 100).joined(separator: " ") + " home."
    let chunks = chunks(text)
    #expect(chunks.allSatisfy { $0.text.count <= 400 })
    #expect(chunks.dropLast().allSatisfy { $0.boundary == .clause && $0.text.hasSuffix(",") })
    #expect(chunks.flatMap { words($0.text) } == words(text))
  }

  @Test("leaves no stub before a clause mark that comes too early")
  func earlyClauseMark() {
    let text = "Well, " + Array(repeating: "hippopotamus", count: 100).joined(separator: " ")
    #expect(chunks(text)[0].text.count > 100)
  }

  @Test("cuts a sentence without clause marks at spaces, and without a pause")
  func spaces() {
    let text = Array(repeating: "hippopotamus", count: 200).joined(separator: " ")
    let chunks = chunks(text)
    #expect(chunks.allSatisfy { $0.text.count <= 400 })
    #expect(chunks.dropLast().allSatisfy { $0.boundary == .word && $0.boundary.pause == 0 })
    #expect(chunks.flatMap { words($0.text) } == words(text))
  }

  @Test("cuts a word of ten thousand letters only because it must, and loses none of them")
  func endlessWord() {
    let word = String(repeating: "a", count: 10_000)
    let chunks = chunks("Go \(word) now.")
    #expect(chunks.allSatisfy { $0.text.count <= 400 })
    #expect(chunks[0].text == "Go")
    #expect(chunks.map(\.text).joined().filter { $0 != " " } == "Go\(word)now.")
  }

  @Test("cuts Chinese and Japanese at 、 and ，, lastly between characters, never in a Latin word or number")
  func spacelessScripts() {
    let clause = "今日はとても良い天気ですから、"
    #expect(chunks(String(repeating: clause, count: 60), .japanese).allSatisfy { $0.text.hasSuffix("、") })
    let text = String(repeating: "我们使用Kubernetes和3.14159以及", count: 60)
    let pieces = chunks(text, .chinese).map(\.text)
    #expect(pieces.count > 2)
    #expect(pieces.joined() == text)
    for piece in pieces.dropLast() {
      #expect(!(piece.last?.isASCII ?? true) || piece.hasSuffix("Kubernetes") || piece.hasSuffix("3.14159"))
    }
  }

  @Test("begins no chunk of Japanese with a small kana or a long-vowel mark")
  func kinsoku() {
    let pieces = chunks(String(repeating: "チューリップ", count: 200), .japanese).map(\.text)
    #expect(pieces.count > 2)
    #expect(pieces.allSatisfy { !["ュ", "ー", "ッ"].contains($0.first) })
  }

  @Test("keeps a tag, a spaced number and an abbreviation whole where it must cut")
  func unbreakables() {
    for unit in ["[clear throat]", "10 000", "10\u{A0}km", "Dr. Kim"] {
      for length in 1...12 {
        let word = String(repeating: "w", count: length)
        let text = Array(repeating: unit, count: 100).joined(separator: " \(word) ")
        for chunk in chunks(text) {
          let bare = chunk.text.replacing(unit, with: "").replacing(word, with: "")
          #expect(bare.allSatisfy { $0.isWhitespace }, "\(unit) was cut: \(chunk.text.suffix(20))")
        }
      }
    }
  }

  @Test("never cuts before the spaced marks of French")
  func frenchSpacing() {
    for length in 1...14 {
      let word = String(repeating: "a", count: length)
      let text = Array(repeating: "\(word) « b » c", count: 100).joined(separator: " ") + " !"
      #expect(chunks(text, .french).allSatisfy { !["»", "!"].contains($0.text.first) })
    }
  }

  @Test("splits no emoji and no letter from its accents")
  func wholeCharacters() {
    let text = String(repeating: "👩‍👩‍👧‍👦e\u{301}", count: 600)
    let joined = chunks(text).map(\.text)
    #expect(joined.joined() == text)
    #expect(joined.reduce(0) { $0 + $1.count } == text.count)
  }

  @Test(
    "works with any lengths it is given", arguments: [(0, 0), (-5, -1), (1, 1), (500, 10), (1, 1_000_000)])
  func strangeLengths(target: Int, maximum: Int) {
    let chunker = SentenceChunker(language: .english, targetLength: target, maximumLength: maximum)
    let text = "Hi there. [laugh] You."
    #expect(chunker.chunks(of: text).map(\.text).joined().filter(\.isLetter) == "HitherelaughYou")
  }
}
