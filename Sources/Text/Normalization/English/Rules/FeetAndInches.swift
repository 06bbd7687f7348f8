/// Feet and inches, `5'11"`, and the minutes and seconds of an angle, `40°26'46"`.
enum FeetAndInches {
  static func rewrite(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    guard let amount = Amount(in: tokens, at: index),
      let names = names(in: tokens, at: index, mark: amount.end)
    else { return nil }
    let end = amount.end + 1
    let words = amount.words(of: names.one, names.many, isAttribute: tokens.isAttribute(index..<end))
    return bySize(words, in: tokens, at: end) ?? Rewrite(words: words, end: end)
  }

  /// `8.5" x 11"`
  private static func bySize(_ words: String, in tokens: EnglishTokens, at index: Int) -> Rewrite? {
    let sign = tokens.skippingBlank(index)
    let next = tokens.skippingBlank(sign + 1)
    guard ["x", "×"].contains(tokens[sign].text), tokens.digits(at: next) != nil else { return nil }
    return Rewrite(words: words + " by", end: next)
  }

  private static func names(in tokens: EnglishTokens, at index: Int, mark: Int) -> (
    one: String, many: String
  )? {
    let isAngle = tokens.isSymbol("°", at: index - 1) || tokens.isSymbol("°", at: index - 3)
    if tokens.isSymbol("′", at: mark) { return isAngle ? ("minute", "minutes") : ("foot", "feet") }
    if tokens.isSymbol("″", at: mark) { return isAngle ? ("second", "seconds") : ("inch", "inches") }
    return nil
  }
}
