extension EnglishTokens {
  /// Whether the measure in `range` describes a noun and stays singular: "a 5 km run", "a $20 bill".
  func isAttribute(_ range: Range<Int>) -> Bool {
    guard let article = wordBefore(range.lowerBound)?.lowercased(), ["a", "an"].contains(article),
      let noun = wordAfterBlank(range.upperBound), noun.isLowercased
    else { return false }
    return !Self.afterMeasures.contains(noun)
  }

  /// Words after a measure that are no noun.
  private static let afterMeasures: Set<String> = [
    "in", "on", "to", "from", "for", "and", "or", "at", "per", "a", "an", "more", "less", "off", "of",
    "is", "was", "are", "were", "each", "every", "as", "with", "but", "by", "than", "that", "above",
    "below",
  ]
}
