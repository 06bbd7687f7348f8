import Testing
import Text

@Suite("English normalization of any text")
struct NormalizationRobustnessTests {
  @Test(
    "Text with nothing special comes out unchanged",
    arguments: [
      "The quick brown fox jumps over the lazy dog.",
      "\"Yes,\" she said (quietly); \"isn't it?\" Well: maybe!",
      "A well-known mother-in-law's rock 'n' roll.",
      "First paragraph.\n\nSecond paragraph,\nwith a line break.",
      "Leave [brackets] and (parentheses) alone.",
      "Naïve café, jalapeño and 漢字.",
      "'Tis the season. The dogs' bowls.",
      "",
    ])
  func unchanged(text: String) {
    #expect(spokenEnglish(text) == text)
  }

  @Test("No figure and no sign is left to the phonemizer", arguments: samples)
  func speakable(text: String) {
    let spoken = spokenEnglish(text)
    #expect(
      !spoken.unicodeScalars.contains {
        ("0"..."9").contains($0) || "$%&+=<>@#*_|~^{}".unicodeScalars.contains($0)
      })
  }

  @Test("What is spoken is not changed by a second pass", arguments: samples)
  func stable(text: String) {
    let spoken = spokenEnglish(text)
    #expect(spokenEnglish(spoken) == spoken)
  }

  @Test("Noise of every kind ends and says no figures", arguments: 0..<40)
  func noise(seed: UInt64) {
    var generator = SplitMix(state: seed)
    let alphabet = Array("abAB .,;:!?-–—…/\\$€¢%#@&*()[]<>{}'\"’”0123456789²½°′″~^|=+x\n😀é\u{301}\u{200D}")
    let text = String((0..<2000).map { _ in alphabet[Int(generator.next() % UInt64(alphabet.count))] })
    #expect(!spokenEnglish(text).unicodeScalars.contains { ("0"..."9").contains($0) })
  }

  @Test("Every prefix of a dense text can be spoken")
  func prefixes() {
    let text =
      "On Dec. 5, 2024 at 3:45 p.m., Dr. J. Kim paid US$5.99–$7 for 3 1/2 lbs. (5'11\") at a@b.co.uk/x"
    for length in 0...text.count {
      #expect(!spokenEnglish(String(text.prefix(length))).contains { $0.isNumber })
    }
  }

  @Test(
    "Hostile repetition is read to its end",
    arguments: [
      "7", "1,000", "1.", "1-", "1/", "1:", "a.", "a@", "[", "[a](", "(", "$", "\"", "5\"", "'", "#", "-",
      ".",
      "½", "²", "e\u{301}\u{302}", "😀", "\n", "- a\n", "<", "&a", "1x", "1 ", "+1 ", "(555) ", "Jan. ",
      "http://a.",
      "Henry X ", "A.", "|", "::", "a_",
    ])
  func hostile(unit: String) {
    let text = String(repeating: unit, count: 20_000 / unit.utf8.count)
    #expect(!spokenEnglish(text).utf8.contains { (0x30...0x39).contains($0) })
  }

  @Test("A very long number is read figure by figure")
  func longNumber() {
    let spoken = spokenEnglish(String(repeating: "7", count: 100_000))
    #expect(spoken.utf8.count == 100_000 * "seven ".utf8.count - 1)
  }

  private static let samples = [
    "In 2024, 3 of 10 users (30%) paid $1,234.56 on Jan. 3rd, 2024 at 5:05 p.m. EST.",
    "Call 555-867-5309 ext. 42, or write to j.r-smith99@mail.co.uk!",
    "x = -5 + (3 * 4) / 2 - 1; f(x) = 2x + 1; a^2+b^2=c^2",
    "**Deal**: 2 for $5 @ 50% off <b>now</b> & #1 in {sales} ~10_000",
    "From 1914–1918, ca. 1500, the '90s, 24/7, 16:9, 192.168.0.1 and v2.1",
    "St. Mary's on 5th St., 5'11\", 20°C, 30 m², 60 km/h & 16GB",
    "$$$$ 1/0 00:99 25:61 99/99/9999 1:2:3:4 1-2-3-4 1.) ... !!! ???",
  ]
}

/// A small generator, so that a failing seed can be run again.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
