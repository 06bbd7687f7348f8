/// Numbers that name things, and the abbreviations before them: `No. 5`, `pp. 10–15`, `Room 101`, `v2.1`.
enum Labels {
  /// `No. 5`, `Fig. 3`, `v2.1`: abbreviations that mean something else, or nothing, without a number.
  static func rewriteLabel(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    guard let text = tokens.word(at: index) else { return nil }
    if text == "v" || text == "V" { return version(tokens, at: index) }
    guard let words = labels[text] else { return nil }
    let hasStop = tokens.isSymbol(".", at: index + 1)
    guard hasStop || !needStop.contains(text) else { return nil }
    let end = hasStop ? index + 2 : index + 1
    guard let figures = tokens.digits(at: tokens.skippingBlank(end)) else { return nil }
    let isFounded = words != "established" || figures.utf8.count == 4
    return isFounded ? Rewrite(words: words, end: end) : nil
  }

  private static func version(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    let hasStop = tokens.isSymbol(".", at: index + 1)
    let start = hasStop ? index + 2 : index + 1
    guard tokens.startsExpression(at: index), tokens.digits(at: start) != nil else { return nil }
    return Rewrite(words: "version", end: start)
  }

  /// `Room 101`, `call 911`, `CA 94105`, `A380`: read in pairs or figure by figure, not as a count.
  static func rewriteNumber(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    guard let numeral = Numeral(in: tokens, at: index), numeral.isPlain, numeral.whole.utf8.count >= 3 else {
      return nil
    }
    let figures = numeral.whole
    if isGluedToWord(tokens, at: index) || followsLabel(tokens, at: index) {
      return Rewrite(words: NumberWords.label(figures), end: numeral.end)
    }
    guard isCalled(figures, tokens, at: index) || isPostalCode(figures, tokens, at: index) else { return nil }
    return Rewrite(words: NumberWords.digits(figures), end: numeral.end)
  }

  /// `A380`, `ISO-9001`, `1920x1080`, `1080p`; but `mid-1990` is a year.
  private static func isGluedToWord(_ tokens: EnglishTokens, at index: Int) -> Bool {
    if tokens.word(at: index - 1) != nil || tokens.word(at: index + 1) == "p" { return true }
    guard tokens.isSymbol("-", at: index - 1), let word = tokens.word(at: index - 2) else { return false }
    return word == word.uppercased()
  }

  private static func followsLabel(_ tokens: EnglishTokens, at index: Int) -> Bool {
    tokens.wordBefore(index).map { numbered.contains($0.lowercased()) } ?? false
  }

  private static func isCalled(_ figures: String, _ tokens: EnglishTokens, at index: Int) -> Bool {
    guard figures.utf8.count == 3, let verb = tokens.wordBefore(index)?.lowercased() else { return false }
    return ["call", "called", "calling", "dial", "dialed", "dialing", "text"].contains(verb)
  }

  private static func isPostalCode(_ figures: String, _ tokens: EnglishTokens, at index: Int) -> Bool {
    guard figures.utf8.count == 5, let state = tokens.wordBefore(index) else { return false }
    return state.utf8.count == 2 && state == state.uppercased()
  }

  private static let numbered: Set<String> = [
    "room", "rooms", "flight", "flights", "route", "highway", "interstate", "boeing", "airbus", "bus",
    "extension", "suite", "apartment", "apt", "code", "pin",
  ]

  private static let labels = [
    "No": "number", "no": "number", "Nos": "numbers", "nos": "numbers", "Nr": "number", "Fig": "figure",
    "fig": "figure", "Figs": "figures", "figs": "figures", "Eq": "equation", "Vol": "volume",
    "vol": "volume", "Vols": "volumes", "Ch": "chapter", "ch": "chapter", "Chap": "chapter",
    "Sec": "section", "Sect": "section", "Art": "article", "Pt": "part", "pt": "part", "Ex": "exercise",
    "p": "page", "pp": "pages", "Ext": "extension", "ext": "extension", "Apt": "apartment",
    "apt": "apartment", "Ste": "suite", "ver": "version", "Ver": "version", "ca": "circa", "c": "circa",
    "est": "established", "Est": "established",
  ]

  /// Words or letters of their own where no stop follows.
  private static let needStop: Set<String> = [
    "No", "no", "Nos", "nos", "Art", "Ex", "p", "c", "ca", "est", "Est", "Sec", "Sect", "Ch", "ch", "Pt",
    "pt", "Nr", "Ste",
  ]
}
