/// Slashes: `$5/hour` is per hour, the others are said.
enum Slashes {
  static func rewrite(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    guard tokens.isSymbol(in: ["/", "⁄"], at: index) else { return nil }
    if tokens.isSymbol("/", at: index + 1) { return run(tokens, at: index) }
    if let word = tokens.word(at: index + 1), isRate(tokens, at: index, of: word) {
      guard let unit = Unit.named(word) else { return Rewrite(words: "per", end: index + 1) }
      return Rewrite(words: "per " + unit.one, end: index + 2)
    }
    return Rewrite(words: isDivision(tokens, at: index) ? "divided by" : "slash", end: index + 1)
  }

  private static func isRate(_ tokens: EnglishTokens, at index: Int, of word: String) -> Bool {
    if periods.contains(word) && tokens.isWordOrDigits(at: index - 1) { return true }
    let isAfterUnit = tokens.word(at: index - 1).flatMap(Unit.named) != nil
    let isAfterSign = tokens.isSymbol(in: ["¢", "€", "%"], at: index - 1)
    let isAfterNumber =
      isAfterSign || tokens.digits(at: index - 1) != nil || Magnitude(in: tokens, at: index - 1) != nil
    return isAfterUnit || isAfterNumber && (Unit.named(word) != nil || word.isLowercased)
  }

  /// `(3 + 4) / 2`
  private static func isDivision(_ tokens: EnglishTokens, at index: Int) -> Bool {
    guard tokens.isBlank(at: index - 1), tokens.isBlank(at: index + 1) else { return false }
    let isAfterOperand = tokens.digits(at: index - 2) != nil || tokens.isSymbol(")", at: index - 2)
    return isAfterOperand && (tokens.digits(at: index + 2) != nil || tokens.isSymbol("(", at: index + 2))
  }

  private static let periods: Set<String> = [
    "day", "night", "week", "month", "year", "hour", "minute", "second", "person",
  ]

  private static func run(_ tokens: EnglishTokens, at index: Int) -> Rewrite {
    var end = index
    while tokens.isSymbol("/", at: end) { end += 1 }
    return Rewrite(words: "", end: end)
  }
}
