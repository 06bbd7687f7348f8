import Testing

@testable import Chatterbox

@Suite("PhonemeParts")
struct PhonemePartsTests {
  private static let longest = PhonemeParts.longest

  @Test(
    "short phonemes stay whole", arguments: ["həlˈoʊ wˈɜːld.", "a", String(repeating: "a", count: longest)])
  func short(_ phonemes: String) {
    #expect(Array(PhonemeParts(phonemes)) == [phonemes])
  }

  @Test("nothing comes of nothing", arguments: ["", " ", "     "])
  func nothing(_ phonemes: String) {
    #expect(Array(PhonemeParts(phonemes)).isEmpty)
  }

  @Test("long phonemes are cut between words, none lost, none too long")
  func cutBetweenWords() {
    let words = (0..<400).map { String(repeating: "ˈa", count: 1 + $0 % 7) }
    let parts = Array(PhonemeParts(words.joined(separator: " ")))
    #expect(parts.count > 2)
    #expect(parts.allSatisfy { $0.count <= Self.longest && !$0.hasPrefix(" ") && !$0.hasSuffix(" ") })
    #expect(parts.flatMap { $0.split(separator: " ") }.map(String.init) == words)
  }

  @Test("a word longer than a part is cut, since nothing else can be done")
  func longWord() {
    let word = String(repeating: "b", count: 2 * Self.longest + 7)
    let parts = Array(PhonemeParts("a " + word + " c"))
    #expect(parts.allSatisfy { $0.count <= Self.longest })
    #expect(parts.joined().filter { $0 == "b" }.count == word.count)
    #expect(parts.joined().filter { $0 != " " }.count == word.count + 2)
  }
}
