import Testing
import Text

@testable import Service

@Suite("Text that arrives in pieces")
struct SentenceBufferTests {
  /// What leaves when a text arrives in pieces of a length.
  private func pieces(_ text: String, by length: Int, _ language: Language = .english) -> [String] {
    var buffer = SentenceBuffer(language: language)
    var pieces: [String] = []
    var rest = text[...]
    while !rest.isEmpty {
      if let piece = buffer.append(String(rest.prefix(length))) { pieces.append(piece) }
      rest = rest.dropFirst(length)
    }
    if let piece = buffer.flush() { pieces.append(piece) }
    return pieces
  }

  @Test("leaves sentence by sentence, and nothing is lost", arguments: [1, 3, 7, 1_000])
  func whole(length: Int) {
    let text =
      "Hello there! How are you today? " + String(repeating: "This is one more sentence. ", count: 20)
    let all = pieces(text, by: length)
    #expect(all.joined() == text)
    for piece in all.dropLast() { #expect([".", "!", "?"].contains(piece.last)) }
  }

  @Test("lets the first sentence go as soon as the next one begins")
  func early() {
    var buffer = SentenceBuffer(language: .english)
    #expect(buffer.append("Hello there.") == nil)
    #expect(buffer.append(" ") == nil)
    #expect(buffer.append("H") == "Hello there.")
  }

  @Test("gathers later sentences, so that they are spoken in one breath")
  func gathered() {
    let text = String(repeating: "A short one. ", count: 40)
    let lengths = pieces(text, by: 1).map(\.count)
    #expect(lengths[0] < 20)
    #expect(lengths[1] >= 120)
    #expect(lengths[2] >= 160)
  }

  @Test(
    "is not cut in a number, an abbreviation or a tag",
    arguments: [
      "It costs 3.14 dollars", "Dr. Smith is here", "Wait [pause 1.5s] a moment", "See example.com now",
      "Mr. J. R. R. Tolkien",
    ])
  func notCut(text: String) {
    #expect(pieces(text, by: 1) == [text])
  }

  @Test("knows the full stops of other languages")
  func languages() {
    var japanese = SentenceBuffer(language: .japanese)
    #expect(japanese.append("こんにちは。元") == "こんにちは。")
    var german = SentenceBuffer(language: .german)
    #expect(german.append("Am 3. Mai kommt z.B. Anna") == nil)
    #expect(german.append(". Und") == "Am 3. Mai kommt z.B. Anna.")
  }

  @Test("is cut at a space when it never ends a sentence")
  func endless() {
    let all = pieces(String(repeating: "word ", count: 1_000), by: 50)
    #expect(all.count > 3)
    for piece in all { #expect(piece.count <= 1_060) }
    let solid = pieces(String(repeating: "x", count: 5_000), by: 500)
    #expect(solid.joined().count == 5_000)
  }

  @Test("of nothing but space is nothing")
  func blank() {
    var buffer = SentenceBuffer(language: .english)
    #expect(buffer.append("  \n ") == nil)
    #expect(buffer.flush() == nil)
    #expect(buffer.append("Hi.") == nil)
    #expect(buffer.flush() == "  \n Hi.", "marks count every character")
    #expect(buffer.flush() == nil)
  }
}
