import Testing

@testable import Text

@Suite("Inline tags")
struct InlineTagTests {
  @Test(
    "reads pauses in milliseconds and seconds, in any case and spacing",
    arguments: [
      ("[pause 400ms]", 0.4), ("[pause 1.5s]", 1.5), ("[pause]", 0.5), ("[PAUSE 2S]", 2),
      ("[ Pause  250  ms ]", 0.25), ("[pause400ms]", 0.4), ("[pause 0s]", 0), ("[pause 60s]", 60),
      ("[pause 60000ms]", 60), ("[pause .5s]", 0.5), ("[pause\t1s]", 1),
    ])
  func pauses(tag: String, seconds: Double) throws {
    #expect(try InlineTag.segments(of: tag) == [.pause(seconds: seconds)])
  }

  @Test(
    "refuses a pause whose length cannot be read",
    arguments: [
      "[pause abc]", "[pause 400]", "[pause 400 minutes]", "[pause ms]", "[pause 1.2.3s]", "[pause nan s]",
      "[pause infs]", "[pause 1e3ms]", "[pause 0x10ms]", "[pause 1,5s]", "[pause 4 00ms]", "[pause ٤s]",
      "[pause-menu]",
    ])
  func malformedPauses(tag: String) {
    #expect(throws: InlineTagError.malformedPause(offset: 4)) {
      try InlineTag.segments(of: "One \(tag) two.")
    }
  }

  @Test(
    "refuses a pause outside 0 to 60 seconds and names the range",
    arguments: [("[pause 61s]", 61.0), ("[pause 60001ms]", 60.001), ("[pause -1s]", -1)])
  func pausesOutOfRange(tag: String, seconds: Double) throws {
    let error = #expect(throws: InlineTagError.self) { try InlineTag.segments(of: tag) }
    #expect(error == .pauseOutOfRange(seconds: seconds, offset: 0))
    #expect(try #require(error).description.contains("0 to 60 s"))
  }

  @Test("refuses a pause of a thousand digits instead of overflowing")
  func absurdPause() {
    #expect(throws: InlineTagError.pauseOutOfRange(seconds: 1e50, offset: 0)) {
      try InlineTag.segments(of: "[pause 1" + String(repeating: "0", count: 50) + "s]")
    }
  }

  @Test("keeps the order of words, pauses and sounds")
  func order() throws {
    let text = "Hello. [pause 400ms] World! [laughs] [pause]Bye"
    #expect(
      try InlineTag.segments(of: text) == [
        .speech("Hello. "), .pause(seconds: 0.4), .speech(" World! "), .paralinguistic("[laugh]"),
        .pause(seconds: 0.5), .speech("Bye"),
      ])
  }

  @Test("knows every sound by the model's own tag", arguments: ParalinguisticTag.allCases)
  func canonicalSounds(tag: ParalinguisticTag) throws {
    #expect(try InlineTag.segments(of: tag.text) == [.paralinguistic(tag.text)])
  }

  @Test(
    "maps other spellings of a sound to the model's tag",
    arguments: [
      ("[clears throat]", "[clear throat]"), ("[Clearing  Throat]", "[clear throat]"),
      ("[laughs]", "[laugh]"),
      ("[laughing]", "[laugh]"), ("[sighs]", "[sigh]"), ("[sighing]", "[sigh]"), ("[GASPS]", "[gasp]"),
      ("[chuckling]", "[chuckle]"), ("[sniffs]", "[sniff]"), ("[coughing]", "[cough]"),
      ("[shushes]", "[shush]"),
    ])
  func otherSpellings(written: String, tag: String) throws {
    #expect(try InlineTag.segments(of: written) == [.paralinguistic(tag)])
  }

  @Test(
    "leaves other brackets in the speech",
    arguments: [
      "See [1] and [sic].", "[paused]", "[]", "[ ]", "[pause 400ms", "pause 400ms]", "[[", "]][[", "[笑]",
      "[laugh out loud]", "[" + String(repeating: "x", count: 100_000) + "]",
    ])
  func otherBrackets(text: String) throws {
    #expect(try InlineTag.segments(of: text) == [.speech(text)])
  }

  @Test("finds a tag inside further brackets")
  func nestedBrackets() throws {
    #expect(
      try InlineTag.segments(of: "[[pause 1s]]") == [.speech("["), .pause(seconds: 1), .speech("]")])
  }

  @Test("makes no segment of white space or of nothing", arguments: ["", "  \n ", "\u{3000}"])
  func emptyText(text: String) throws {
    #expect(try InlineTag.segments(of: text).isEmpty)
  }

  @Test("reads a million opening brackets in one pass")
  func hostileBrackets() throws {
    let text = String(repeating: "[", count: 1_000_000)
    #expect(try InlineTag.segments(of: text) == [.speech(text)])
  }

  @Test("says where the tag is and never what it says")
  func privateMessage() throws {
    let error = #expect(throws: InlineTagError.self) {
      try InlineTag.segments(of: "Ab [pause secret]")
    }
    let message = try #require(error).description
    #expect(message.contains("character 4"))
    #expect(!message.contains("secret"))
  }
}
