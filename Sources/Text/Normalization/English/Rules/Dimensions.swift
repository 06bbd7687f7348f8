/// Sizes and multiples: `1920x1080`, `4 x 4`, `2×3`, `10x faster`.
enum Dimensions {
  static func rewrite(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    guard let numeral = Numeral(in: tokens, at: index), numeral.whole != "0",
      !isScientific(tokens, at: numeral.end)
    else { return nil }
    let sign = tokens.skippingBlank(numeral.end)
    let isGlued = sign == numeral.end
    let next = tokens.skippingBlank(sign + 1)
    if isSign(tokens[sign], isGlued: isGlued), tokens.digits(at: next) != nil, isGlued == (next == sign + 1) {
      let isLong = numeral.isPlain && numeral.whole.utf8.count >= 3
      let words = isLong && isGlued ? NumberWords.label(numeral.whole) : numeral.words
      return Rewrite(words: words + " by", end: next)
    }
    guard isGlued, ["x", "×"].contains(tokens[sign].text), let word = tokens.wordAfterBlank(sign + 1),
      comparisons.contains(word)
    else { return nil }
    return Rewrite(words: numeral.words + " times", end: sign + 1)
  }

  /// `5×10³`
  private static func isScientific(_ tokens: EnglishTokens, at index: Int) -> Bool {
    tokens.isSymbol("×", at: index)
      && (tokens[index + 2].kind == .superscript || tokens.isSymbol("^", at: index + 2))
  }

  /// A spaced `×` multiplies.
  private static func isSign(_ token: EnglishToken, isGlued: Bool) -> Bool {
    token.text == "x" || isGlued && (token.text == "×" || token.text == "X")
  }

  private static let comparisons: Set<String> = [
    "faster", "slower", "more", "less", "bigger", "larger", "smaller", "better", "higher", "lower",
    "longer", "cheaper", "stronger", "the", "as",
  ]
}
