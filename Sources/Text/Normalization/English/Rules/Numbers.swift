/// Numbers that are nothing more: `42`, `1,234.5`, `1/2`, `3 3/4`, `.5`.
enum Numbers {
  static func rewrite(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    let isInChain = tokens.isSymbol("/", at: index - 1)
    if isInChain, let numeral = Numeral(in: tokens, at: index) {
      return Rewrite(words: numeral.words, end: numeral.end)
    }
    return Amount(in: tokens, at: index).map { Rewrite(words: $0.words, end: $0.end) }
  }

  /// `.5` is a number where no word ends before the point.
  static func rewriteLeadingPoint(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    guard tokens.isSymbol(".", at: index), tokens.digits(at: index + 1) != nil,
      !tokens.isWordOrDigits(at: index - 1), !tokens.isSymbol(".", at: index - 1)
    else { return nil }
    for rule in [Units.rewrite, Degrees.rewrite, rewrite] {
      if let rewrite = rule(tokens, index) { return rewrite }
    }
    return nil
  }
}
