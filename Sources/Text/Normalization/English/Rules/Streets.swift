/// Abbreviations that mean one thing before a name and another after it: `St.` and `Dr.`
enum Streets {
  static func rewrite(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    guard let text = tokens.word(at: index), let meaning = meanings[text] else { return nil }
    let hasStop = tokens.isSymbol(".", at: index + 1)
    let end = hasStop ? index + 2 : index + 1
    let endsSentence = hasStop && SentenceEnd.isReached(in: tokens, at: end)
    let isApart = hasStop || tokens.isBlank(at: end)
    let isBeforeName = isApart && tokens.isCapitalised(at: tokens.skippingBlank(end)) && !endsSentence
    if isBeforeName && !isAddress(tokens, at: index) { return Rewrite(words: meaning.beforeName, end: end) }
    guard isBeforeName || isAfterName(tokens, at: index) else { return nil }
    return Rewrite(words: meaning.afterName, end: endsSentence ? end - 1 : end)
  }

  private static let meanings: [String: (beforeName: String, afterName: String)] = [
    "St": ("Saint", "Street"),
    "Dr": ("Doctor", "Drive"),
  ]

  /// `Main St.`, `42nd St.`
  private static func isAfterName(_ tokens: EnglishTokens, at index: Int) -> Bool {
    guard let before = tokens.wordBefore(index) else { return false }
    return before.isCapitalised || isOrdinal(tokens, at: index - 2)
  }

  /// Whether a house number or an ordinal comes before: `12 Main St. Springfield`, `5th St. NW`.
  private static func isAddress(_ tokens: EnglishTokens, at index: Int) -> Bool {
    guard tokens.isBlank(at: index - 1) else { return false }
    if isOrdinal(tokens, at: index - 2) { return true }
    return tokens.isCapitalised(at: index - 2) && tokens.isBlank(at: index - 3)
      && tokens.digits(at: index - 4) != nil
  }

  private static func isOrdinal(_ tokens: EnglishTokens, at index: Int) -> Bool {
    tokens.word(at: index).map(Ordinals.isSuffix) ?? false && tokens.digits(at: index - 1) != nil
  }
}
