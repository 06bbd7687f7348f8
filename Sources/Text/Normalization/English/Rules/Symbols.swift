/// Every sign that no other rule has read: said by its name, or dropped when it is decoration.
enum Symbols {
  static func rewrite(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    let text = tokens[index].text
    if text == "~" {
      return Rewrite(words: tokens.isSymbol("/", at: index + 1) ? "tilde" : "", end: index + 1)
    }
    if let words = names[text] { return Rewrite(words: words, end: index + 1) }
    if let currency = Currency.bySymbol[text] { return Rewrite(words: currency.one, end: index + 1) }
    return isUnspeakable(text) ? Rewrite(words: "", end: index + 1) : nil
  }

  private static let names = [
    "&": "and", "%": "percent", "°": "degrees", "©": "copyright", "§": "section", "\\": "backslash",
    "|": ",", "•": ",", "®": "", "†": "", "‡": "", "¶": "", "_": "", "*": "", "`": "", "{": "", "}": "",
    "^": "", "′": "", "″": "", "·": "", "#": "",
  ]

  /// Signs without a name in English, such as arrows and dingbats.
  private static func isUnspeakable(_ text: String) -> Bool {
    guard let scalar = text.unicodeScalars.first, !scalar.isASCII else { return false }
    switch scalar.properties.generalCategory {
    case .mathSymbol, .otherSymbol, .modifierSymbol, .currencySymbol, .otherNumber, .unassigned: return true
    default: return false
    }
  }
}
