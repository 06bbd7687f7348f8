/// Temperatures and angles: `20°C`, `98.6 °F`, `90°`, `45°N`.
enum Degrees {
  static func rewrite(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    guard let amount = Amount(in: tokens, at: index) else { return nil }
    let sign = tokens.skippingBlank(amount.end)
    guard tokens.isSymbol("°", at: sign) else { return nil }
    let isAttribute = tokens.isAttribute(index..<sign + 1)
    let words = amount.words(of: "degree", "degrees", isAttribute: isAttribute)
    let letter = tokens.skippingBlank(sign + 1)
    if let scale = tokens.word(at: letter).flatMap({ scales[$0] }) {
      return Rewrite(words: words + " " + scale, end: letter + 1)
    }
    if let direction = tokens.word(at: sign + 1).flatMap({ directions[$0] }) {
      return Rewrite(words: words + " " + direction, end: sign + 2)
    }
    return Rewrite(words: words, end: sign + 1)
  }

  private static let scales = ["C": "Celsius", "F": "Fahrenheit", "K": "Kelvin"]
  private static let directions = ["N": "north", "S": "south", "E": "east", "W": "west"]
}
