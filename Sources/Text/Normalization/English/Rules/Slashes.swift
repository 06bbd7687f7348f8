/// Slashes: `$5/hour` is per hour, the others are said.
enum Slashes {
  static func rewrite(_ tokens: Tokens, at index: Int) -> Rewrite? {
    guard tokens.isSymbol(in: ["/", "⁄"], at: index) else { return nil }
    if tokens.isSymbol("/", at: index + 1) { return run(tokens, at: index) }
    if let word = tokens.word(at: index + 1), isRate(tokens, at: index, of: word) {
      guard let unit = Unit.named(word) else { return Rewrite(words: "per", end: index + 1) }
      return Rewrite(words: "per " + unit.one, end: index + 2)
    }
    return Rewrite(words: "slash", end: index + 1)
  }

  private static func isRate(_ tokens: Tokens, at index: Int, of word: String) -> Bool {
    if periods.contains(word) && tokens.isWordOrDigits(at: index - 1) { return true }
    let isAfterNumber = tokens.digits(at: index - 1) != nil || tokens.digits(at: index - 2) != nil
    return isAfterNumber && (Unit.named(word) != nil || word.isLowercased)
  }

  private static let periods: Set<String> = [
    "day", "night", "week", "month", "year", "hour", "minute", "second", "person",
  ]

  private static func run(_ tokens: Tokens, at index: Int) -> Rewrite {
    var end = index
    while tokens.isSymbol("/", at: end) { end += 1 }
    return Rewrite(words: "", end: end)
  }
}
