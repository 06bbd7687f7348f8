import Testing

@testable import Text

@Suite("Spelling")
struct SpellingTests {
  private let keys = ["server", "models", "presets", "storage", "sampling_rate", "voice"]

  @Test(
    "suggests the name that one slip turned into another",
    arguments: [
      ("sever", "server"), ("serverr", "server"), ("sorver", "server"), ("sevrer", "server"),
      ("SERVER", "server"), ("model", "models"), ("samplingrate", "sampling_rate"), ("vocie", "voice"),
    ])
  func suggests(written: String, meant: String) {
    #expect(Spelling.nearest(to: written, among: keys) == meant)
  }

  @Test("suggests nothing for a name that is near none", arguments: ["", "x", "cache", "zzzzzzzzzz", "日本語"])
  func suggestsNothing(written: String) {
    #expect(Spelling.nearest(to: written, among: keys) == nil)
  }

  @Test("takes the nearest of several, and the first of equally near ones")
  func prefersNearest() {
    #expect(Spelling.nearest(to: "standart", among: ["standby", "standard"]) == "standard")
    #expect(Spelling.nearest(to: "cat", among: ["bat", "hat"]) == "bat")
  }

  @Test("suggests no short code for another, only for its capitals")
  func shortCodes() {
    #expect(Spelling.nearest(to: "kr", among: ["ar", "ko"]) == nil)
    #expect(Spelling.nearest(to: "KO", among: ["ar", "ko"]) == "ko")
  }

  @Test("has no candidates to suggest from")
  func noCandidates() {
    #expect(Spelling.nearest(to: "server", among: []) == nil)
  }

  @Test("compares long names by their beginnings")
  func longNames() {
    let long = String(repeating: "a", count: 1_000_000)
    #expect(Spelling.nearest(to: long, among: ["server", long + "b"]) == long + "b")
  }
}
