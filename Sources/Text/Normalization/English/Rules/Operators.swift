/// Signs of arithmetic and logic: `2 + 2 = 4`, `x >= 5`, `2^10`, `3*4`, `A -> B`.
enum Operators {
  static func rewrite(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    let pair = tokens[index].text + tokens[index + 1].text
    if let words = pairs[pair] { return Rewrite(words: words, end: index + 2) }
    switch tokens[index].text {
    case "*", "·": return times(tokens, at: index)
    case "^": return power(tokens, at: index)
    default: return signs[tokens[index].text].map { Rewrite(words: $0, end: index + 1) }
    }
  }

  private static let pairs = [
    "==": "equals", "!=": "is not equal to", "<=": "less than or equal to",
    ">=": "greater than or equal to", "->": "to", "=>": "to", "&&": "and", "||": "or",
  ]

  private static let signs = [
    "+": "plus", "=": "equals", "<": "less than", ">": "greater than", "≤": "less than or equal to",
    "≥": "greater than or equal to", "≠": "is not equal to", "≈": "is approximately", "×": "times",
    "÷": "divided by", "±": "plus or minus", "√": "square root of", "∞": "infinity", "→": "to",
    "∑": "sum of", "∆": "delta", "∂": "partial", "∫": "integral of", "⇒": "to",
  ]

  /// An asterisk between operands multiplies; elsewhere it marks emphasis and is dropped.
  private static func times(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    let isSpaced = tokens.isBlank(at: index - 1) && tokens.isBlank(at: index + 1)
    let left = tokens[isSpaced ? index - 2 : index - 1]
    let right = tokens[isSpaced ? index + 2 : index + 1]
    let isProduct = isOperand(left, bracket: ")") && isOperand(right, bracket: "(")
    return isProduct ? Rewrite(words: "times", end: index + 1) : nil
  }

  private static func isOperand(_ token: EnglishToken, bracket: String) -> Bool {
    token.kind == .digits || token.text == bracket || token.kind == .word && token.text.utf8.count == 1
  }

  private static func power(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    guard tokens.isWordOrDigits(at: index - 1) || tokens.isSymbol(")", at: index - 1) else { return nil }
    return Exponents.power(tokens.digits(at: index + 1)).map { Rewrite(words: $0, end: index + 2) }
      ?? Rewrite(words: "to the power of", end: index + 1)
  }
}
