/// What markup leaves inside a line: Markdown links, HTML tags and entities.
enum Markup {
  static func rewrite(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    switch tokens[index].text {
    case "[": isLink(tokens, at: index) ? Rewrite(words: "", end: index + 1) : nil
    case "!": isLink(tokens, at: index + 1) ? Rewrite(words: "", end: index + 1) : nil
    case "]": linkTarget(tokens, at: index).map { Rewrite(words: "", end: $0) }
    case "<": bracketed(tokens, at: index) ?? tagEnd(tokens, at: index).map { Rewrite(words: "", end: $0) }
    case "&": entity(tokens, at: index)
    default: nil
    }
  }

  /// Whether `[text](target)` begins at `index`. Stops at the next bracket, so each token is read once.
  private static func isLink(_ tokens: EnglishTokens, at index: Int) -> Bool {
    guard tokens.isSymbol("[", at: index) else { return false }
    var end = index + 1
    while tokens[end].kind != .edge, tokens[end].text != "\n", !tokens.isSymbol("[", at: end) {
      if tokens.isSymbol("]", at: end) { return linkTarget(tokens, at: end) != nil }
      end += 1
    }
    return false
  }

  /// The index after the `](target)` at `index`; a target has no blanks, and a point, slash or `#`.
  private static func linkTarget(_ tokens: EnglishTokens, at index: Int) -> Int? {
    guard tokens.isSymbol("]", at: index), tokens.isSymbol("(", at: index + 1) else { return nil }
    var end = index + 2
    var isTarget = false
    while !tokens.isGap(at: end), !tokens.isSymbol("(", at: end) {
      if tokens.isSymbol(")", at: end) { return isTarget ? end + 1 : nil }
      if tokens.isSymbol(in: [".", "/", "#"], at: end) { isTarget = true }
      end += 1
    }
    return nil
  }

  /// `<me@example.com>`
  private static func bracketed(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    guard let address = WebAddresses.rewrite(tokens, at: index + 1), tokens.isSymbol(">", at: address.end)
    else {
      return nil
    }
    return Rewrite(words: address.words, end: address.end + 1)
  }

  /// The index after `<b>`, `</b>` or `<br/>`.
  private static func tagEnd(_ tokens: EnglishTokens, at index: Int) -> Int? {
    let isClosing = tokens.isSymbol("/", at: index + 1)
    let name = isClosing ? index + 2 : index + 1
    guard let tag = tokens.word(at: name), tags.contains(tag.lowercased()) else { return nil }
    var end = tokens.skippingBlank(name + 1)
    if tokens.isSymbol("/", at: end) { end += 1 }
    return tokens.isSymbol(">", at: end) ? end + 1 : nil
  }

  private static let tags: Set<String> = [
    "b", "i", "u", "s", "p", "br", "hr", "em", "strong", "span", "div", "li", "ul", "ol", "code", "pre",
    "sub", "sup", "small", "mark", "speak",
  ]

  private static func entity(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    guard let name = tokens.word(at: index + 1), tokens.isSymbol(";", at: index + 2),
      let words = entities[name]
    else { return nil }
    return Rewrite(words: words, end: index + 3)
  }

  private static let entities = [
    "amp": "and", "lt": "less than", "gt": "greater than", "nbsp": "", "quot": "", "apos": "",
    "copy": "copyright", "mdash": ",", "ndash": ",", "hellip": ",", "deg": "degrees",
  ]
}
