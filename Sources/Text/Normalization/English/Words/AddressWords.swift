/// How addresses and file names are said.
enum AddressWords {
  /// The tokens of an address as words; a slash at the end is left out.
  static func spoken(_ tokens: EnglishTokens, in range: Range<Int>) -> String {
    var end = range.upperBound
    while end > range.lowerBound, tokens.isSymbol("/", at: end - 1) { end -= 1 }
    return (range.lowerBound..<end).compactMap { word(for: tokens, at: $0, end: end) }.joined(separator: " ")
  }

  private static func word(for tokens: EnglishTokens, at index: Int, end: Int) -> String? {
    let text = tokens[index].text
    switch tokens[index].kind {
    case .digits:
      if isExtensionFigure(tokens, at: index, end: end) { return nil }
      return text.utf8.count <= 2 && text.first != "0" ? NumberWords.cardinal(text) : NumberWords.digits(text)
    case .word:
      return tokens.isSymbol(".", at: index - 1) ? afterPoint(tokens, at: index, end: end) : text
    default:
      return signs[text] ?? text
    }
  }

  /// A file's extension, or a label of a domain: two letters are spelled, `u-k`.
  private static func afterPoint(_ tokens: EnglishTokens, at index: Int, end: Int) -> String {
    let text = tokens[index].text
    let figures = isExtensionFigure(tokens, at: index + 1, end: end) ? tokens[index + 1].text : ""
    if index + 1 == end || !figures.isEmpty, let words = FileExtensions.spoken(text + figures) {
      return words
    }
    let isSpelled = text.utf8.count == 2 && !["co", "me", "tv"].contains(text.lowercased())
    return isSpelled || text.lowercased() == "edu"
      ? text.map { String($0) }.joined(separator: "-") : text
  }

  /// Whether a figure ends a known extension: the `3` of `mp3`.
  private static func isExtensionFigure(_ tokens: EnglishTokens, at index: Int, end: Int) -> Bool {
    guard index == end - 1, tokens.digits(at: index) != nil, tokens.isSymbol(".", at: index - 2),
      let word = tokens.word(at: index - 1)
    else { return false }
    return FileExtensions.spoken(word + tokens[index].text) != nil
  }

  private static let signs = [
    ".": "dot", "/": "slash", ":": "colon", "@": "at", "-": "dash", "_": "underscore", "~": "tilde",
    "%": "percent", "?": "question mark", "#": "hash", "&": "and", "=": "equals", "+": "plus",
    ",": "comma", ";": "semicolon", "!": "exclamation mark", "$": "dollar",
  ]
}
