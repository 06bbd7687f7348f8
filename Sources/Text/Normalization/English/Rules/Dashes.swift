/// Hyphens and dashes: ranges (`10–15`), subtractions, pauses (`yes — no`), names (`COVID-19`).
enum Dashes {
  static func rewrite(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    guard tokens.isSymbol(in: ["-", "–", "—"], at: index), !tokens.isSymbol(">", at: index + 1) else {
      return nil
    }
    var end = index + 1
    while tokens.isSymbol(in: ["-", "–", "—"], at: end) { end += 1 }
    if end - index > 1 || tokens.isSymbol("—", at: index) { return pause(tokens, from: index, until: end) }
    if tokens.isGap(at: index - 1) && tokens.isGap(at: end) { return spaced(tokens, at: index) }
    return glued(tokens, at: index)
  }

  /// A pause, except before a closing quotation mark, which pauses itself; and `--help` is said.
  private static func pause(_ tokens: EnglishTokens, from start: Int, until end: Int) -> Rewrite {
    let isOption = end - start == 2 && tokens.isSymbol("-", at: start) && tokens.isGap(at: start - 1)
    if isOption, tokens.word(at: end) != nil { return Rewrite(words: "dash dash", end: end) }
    let isClosed = tokens.isSymbol(in: ["\"", "'", ")"], at: end) && tokens.isGap(at: end + 1)
    return Rewrite(words: isClosed ? "" : ",", end: end)
  }

  /// ` - ` between numbers takes away or spans; elsewhere it is a pause.
  private static func spaced(_ tokens: EnglishTokens, at index: Int) -> Rewrite {
    guard tokens.isBlank(at: index - 1), isQuantity(tokens, endingAt: index - 2),
      tokens.isBlank(at: index + 1),
      startsQuantity(tokens, at: index + 2)
    else { return Rewrite(words: ",", end: index + 1) }
    return Rewrite(words: isDifference(tokens, at: index, next: index + 2) ? "minus" : "to", end: index + 1)
  }

  private static func glued(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    let isNumberNext = Signs.startsNumber(tokens, at: index + 1)
    if isQuantity(tokens, endingAt: index - 1) {
      if startsQuantity(tokens, at: index + 1) {
        let isEquation = isEquation(tokens, afterNumberAt: index + 1)
        return Rewrite(words: isEquation ? "minus" : "to", end: index + 1)
      }
      if ["present", "now", "today"].contains(tokens[index + 1].text) {
        return Rewrite(words: "to", end: index + 1)
      }
    }
    let isVariable = tokens.word(at: index - 1).map { $0.utf8.count == 1 && $0.isLowercased } ?? false
    if isVariable && isNumberNext { return Rewrite(words: "minus", end: index + 1) }
    let joinsNumber = isNumberNext && tokens.word(at: index - 1) != nil
    let isBetween = tokens.isSymbol("–", at: index) && tokens.isWordOrDigits(at: index + 1)
    return joinsNumber || isBetween ? Rewrite(words: "", end: index + 1) : nil
  }

  /// Whether a number or a date begins at `index`.
  private static func startsQuantity(_ tokens: EnglishTokens, at index: Int) -> Bool {
    Signs.startsNumber(tokens, at: index) || tokens.word(at: index).flatMap(DateWords.month) != nil
  }

  /// Whether a number ends at `index`, perhaps with a unit: `10`, `5km`, `3pm`, `10%`.
  private static func isQuantity(_ tokens: EnglishTokens, endingAt index: Int) -> Bool {
    let token = tokens[index]
    switch token.kind {
    case .digits: return true
    case .word: return tokens.digits(at: tokens.isBlank(at: index - 1) ? index - 2 : index - 1) != nil
    case .symbol: return ["%", "°", "€", "¢", "′", "″"].contains(token.text) || isMeridiem(tokens, at: index)
    default: return false
    }
  }

  /// The last stop of `p.m.`
  private static func isMeridiem(_ tokens: EnglishTokens, at index: Int) -> Bool {
    tokens.isSymbol(".", at: index) && tokens.word(at: index - 1)?.lowercased() == "m"
  }

  /// `5 - 3` takes away, `3 - 5` spans; before an equals sign both take away.
  private static func isDifference(_ tokens: EnglishTokens, at index: Int, next: Int) -> Bool {
    if isEquation(tokens, afterNumberAt: next) { return true }
    guard tokens.isSymbol("-", at: index), let second = Numeral(in: tokens, at: next)?.value,
      let first = tokens.digits(at: index - 2).flatMap({ Int($0) })
    else { return false }
    return first >= second
  }

  private static func isEquation(_ tokens: EnglishTokens, afterNumberAt index: Int) -> Bool {
    guard let numeral = Numeral(in: tokens, at: index) else { return false }
    return tokens.isSymbol("=", at: tokens.skippingBlank(numeral.end))
  }
}
