/// Signs before numbers: `-5`, `~20`, `±3`, `#1`.
enum Signs {
  static func rewrite(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    guard let words = signs[tokens[index].text], startsNumber(tokens, at: index + 1) else { return nil }
    guard tokens[index].text != "-" || isMinus(tokens, at: index) else { return nil }
    return Rewrite(words: words, end: index + 1)
  }

  private static let signs = [
    "-": "minus", "~": "about", "≈": "approximately", "±": "plus or minus", "#": "number",
  ]

  static func startsNumber(_ tokens: EnglishTokens, at index: Int) -> Bool {
    if tokens.digits(at: index) != nil { return true }
    guard tokens[index].kind == .symbol, tokens.digits(at: index + 1) != nil else { return false }
    return tokens[index].text == "." || Currency.bySymbol[tokens[index].text] != nil
  }

  /// A hyphen after a word or number joins; after anything else it negates.
  private static func isMinus(_ tokens: EnglishTokens, at index: Int) -> Bool {
    tokens.startsExpression(at: index)
      || tokens.isSymbol(in: ["+", "/", "^", ":", "×", "÷", "~"], at: index - 1)
  }
}
