import Testing

@testable import Text

@Suite("Tag spelling")
struct TagSpellingTests {
  private let turbo = TagSpelling(tags: ["[laugh]", "[clear throat]", "[shush]", "[happy]"])
  private let graphemes = TagSpelling(tags: ["[laughter]", "[clear_throat]", "[shhh]", "[UH]"])

  @Test(
    "sounds become the tags that Turbo knows",
    arguments: [
      ("[clears throat] Ahem.", "[clear throat] Ahem."), ("[Clearing  Throat]", "[clear throat]"),
      ("Ha (laughs) ha", "Ha [laugh] ha"), ("*laughing*", "[laugh]"), ("[laughter]", "[laugh]"),
      ("[laugh][LAUGHS]", "[laugh][laugh]"), ("[Happy] day", "[happy] day"),
    ])
  func turboTags(text: String, expected: String) {
    #expect(turbo.applied(to: text) == expected)
  }

  @Test(
    "and those of the English and multilingual models",
    arguments: [
      ("[clears throat]", "[clear_throat]"), ("[laughs]", "[laughter]"), ("(shushing)", "[shhh]"),
      ("[UH]", "[UH]"),
    ])
  func graphemeTags(text: String, expected: String) {
    #expect(graphemes.applied(to: text) == expected)
  }

  @Test(
    "everything else stays as it is",
    arguments: [
      "", "[1] [sic] (see below) *bold*", "(happy)", "[sneeze]", "[gasp]", "[laugh", "laughs]", "[ [[ ((",
      "[cafe\u{301}] é", "a * b * c", "(laugh" + String(repeating: " ", count: 100) + ")",
    ])
  func others(text: String) {
    #expect(turbo.applied(to: text).unicodeScalars.elementsEqual(text.unicodeScalars))
  }

  @Test("a text of nothing but brackets is read in one pass")
  func hostile() {
    let text = String(repeating: "[(*", count: 30_000)
    #expect(turbo.applied(to: text) == text)
  }
}
