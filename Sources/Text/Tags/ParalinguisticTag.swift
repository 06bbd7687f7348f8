/// A sound that Chatterbox Turbo makes where its tag stands.
///
/// Source: the event tags of the reference's Turbo demo.
package enum ParalinguisticTag: String, CaseIterable, Sendable {
  case clearThroat = "clear throat"
  case sigh
  case shush
  case cough
  case groan
  case sniff
  case gasp
  case chuckle
  case laugh

  /// The tag as the model's tokenizer knows it: `[clear throat]`.
  package var text: String { "[\(rawValue)]" }

  /// Reads a tag in any of its usual forms: `laugh`, `laughs`, `laughing`, `clears throat`.
  package init?(spelling: String) {
    if let tag = Self(rawValue: spelling) {
      self = tag
    } else if let tag = Self.otherSpellings[spelling] {
      self = tag
    } else {
      return nil
    }
  }

  private static let otherSpellings: [String: ParalinguisticTag] = {
    var spellings: [String: ParalinguisticTag] = [
      "clears throat": .clearThroat, "clearing throat": .clearThroat,
      "throat clearing": .clearThroat, "shushes": .shush, "chuckling": .chuckle,
      "laughter": .laugh,
    ]
    for tag in allCases where tag != .clearThroat {
      spellings[tag.rawValue + "s"] = tag
      spellings[tag.rawValue + "ing"] = tag
    }
    return spellings
  }()
}
