/// Ratios and scores with a colon: `3:1`, `16:9`.
enum Ratios {
  static func rewrite(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    guard let first = Numeral(in: tokens, at: index), tokens.isSymbol(":", at: first.end),
      tokens.digits(at: first.end + 1) != nil, let second = Numeral(in: tokens, at: first.end + 1)
    else { return nil }
    return Rewrite(words: first.words + " to " + second.words, end: second.end)
  }
}
