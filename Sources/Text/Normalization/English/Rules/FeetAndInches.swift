/// Feet and inches, `5'11"`, and the minutes and seconds of an angle, `40°26'46"`.
enum FeetAndInches {
  static func rewrite(_ tokens: Tokens, at index: Int) -> Rewrite? {
    guard let amount = Amount(in: tokens, at: index),
      let names = names(in: tokens, at: index, mark: amount.end)
    else { return nil }
    let isSingular = amount.isOne || tokens.isAttribute(index..<amount.end + 1)
    return Rewrite(words: amount.words + " " + (isSingular ? names.one : names.many), end: amount.end + 1)
  }

  private static func names(in tokens: Tokens, at index: Int, mark: Int) -> (one: String, many: String)? {
    let isAngle = tokens.isSymbol("°", at: index - 1) || tokens.isSymbol("°", at: index - 3)
    if tokens.isSymbol("′", at: mark) { return isAngle ? ("minute", "minutes") : ("foot", "feet") }
    if tokens.isSymbol("″", at: mark) { return isAngle ? ("second", "seconds") : ("inch", "inches") }
    return nil
  }
}
