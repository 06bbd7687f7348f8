/// Raised figures: `x²`, `10⁶`; after a longer word they point to a note and are not read.
enum Exponents {
  static func rewrite(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    let base = tokens[index - 1]
    let isBase = base.kind == .digits || base.text == ")" || base.kind == .word && base.text.utf8.count <= 2
    let words = isBase ? power(tokens[index].text) : nil
    return Rewrite(words: words ?? "", end: index + 1)
  }

  /// `squared`, `cubed`, `to the power of six`; `nil` if there is no exponent.
  static func power(_ exponent: String?) -> String? {
    switch exponent {
    case nil: return nil
    case "2": return "squared"
    case "3": return "cubed"
    case .some(let exponent):
      let figures = exponent.filter { $0 != "-" }
      guard !figures.isEmpty else { return nil }
      return "to the power of " + (exponent.hasPrefix("-") ? "minus " : "") + NumberWords.cardinal(figures)
    }
  }
}
