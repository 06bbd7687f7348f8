/// Numbers with units of measure and percentages: `5 km`, `16GB`, `3 m²`, `60 km/h`, `10-kg`, `50%`.
enum Units {
  static func rewrite(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    guard let amount = Amount(in: tokens, at: index) else { return nil }
    let next = tokens.skippingBlank(amount.end)
    if let percent = percentNames[tokens[next].text] {
      return Rewrite(words: amount.words + " " + percent, end: next + 1)
    }
    if tokens.isSymbol("-", at: amount.end),
      let unit = Measure(in: tokens, at: amount.end + 1, isGlued: false)
    {
      let followsWord = tokens.isGap(at: unit.end) || tokens[unit.end].kind == .symbol
      return followsWord ? Rewrite(words: amount.words + "-" + unit.one, end: unit.end) : nil
    }
    guard let unit = Measure(in: tokens, at: next, isGlued: next == amount.end) else { return nil }
    let words = amount.words(of: unit.one, unit.many, isAttribute: tokens.isAttribute(index..<unit.end))
    return Rewrite(words: words, end: unit.end)
  }

  /// `km/h` where no number comes before: "measured in km/h".
  static func rewriteRate(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    guard tokens.startsExpression(at: index), tokens.isSymbol("/", at: index + 1),
      tokens.word(at: index + 2).flatMap(Unit.named) != nil,
      let unit = Measure(in: tokens, at: index, isGlued: false)
    else { return nil }
    return Rewrite(words: unit.many, end: unit.end)
  }

  private static let percentNames = ["%": "percent", "‰": "per mille"]
}

extension Units {
  /// A unit as it is written after a number: `km`, `sq. ft.`, `m²`, `m/s`.
  private struct Measure {
    private(set) var one: String
    private(set) var many: String
    /// The index after the unit.
    private(set) var end: Int

    init?(in tokens: EnglishTokens, at index: Int, isGlued: Bool) {
      if let power = Self.powerWords[tokens[index].text] {
        let hasStop = tokens.isSymbol(".", at: index + 1)
        let start = tokens.skippingBlank(hasStop ? index + 2 : index + 1)
        guard let unit = Unit.named(tokens[start].text)?.squared(power) else { return nil }
        (one, many, end) = (unit.one, unit.many, start + 1)
      } else {
        guard let unit = Self.unit(in: tokens, at: index, isGlued: isGlued) else { return nil }
        (one, many, end) = (unit.one, unit.many, index + 1)
        raise(in: tokens)
      }
      guard !tokens.isSymbol("'", at: end), !tokens.isSymbol("&", at: end) else { return nil }
      divide(in: tokens)
      skipStop(in: tokens)
    }

    private static let powerWords = ["sq": "2", "cu": "3"]

    private static func unit(in tokens: EnglishTokens, at index: Int, isGlued: Bool) -> Unit? {
      let symbol = tokens[index].text
      if symbol == "m", isGlued, isMinutes(tokens, at: index) { return Unit.named("min") }
      guard let unit = Unit.named(symbol) else { return nil }
      let isStopped = symbol == "in" && tokens.isSymbol(".", at: index + 1)
      let isTrusted =
        isStopped && (followsFeet(tokens, at: index) || !SentenceEnd.isReached(in: tokens, at: index + 2))
      return isGlued || isTrusted || !Unit.gluedSymbols.contains(symbol) ? unit : nil
    }

    /// `5 ft. 3 in.`
    private static func followsFeet(_ tokens: EnglishTokens, at index: Int) -> Bool {
      let before = tokens.isSymbol(".", at: index - 4) ? index - 5 : index - 4
      return tokens[before].text == "ft" || tokens[before].text == "feet"
    }

    /// `2h30m`, `5m30s`
    private static func isMinutes(_ tokens: EnglishTokens, at index: Int) -> Bool {
      let before = tokens.isBlank(at: index - 2) ? index - 3 : index - 2
      if ["h", "hr", "hrs"].contains(tokens[before].text) { return true }
      let next = tokens.skippingBlank(index + 1)
      return tokens.digits(at: next) != nil && ["s", "sec"].contains(tokens[next + 1].text)
    }

    /// `m²`, `m^2`
    private mutating func raise(in tokens: EnglishTokens) {
      let isCaret = tokens.isSymbol("^", at: end)
      let power =
        isCaret ? tokens.digits(at: end + 1) : tokens[end].kind == .superscript ? tokens[end].text : nil
      guard let power, let unit = Unit(one: one, many: many).squared(power) else { return }
      (one, many) = (unit.one, unit.many)
      end += isCaret ? 2 : 1
    }

    /// `/h`, `/s²`
    private mutating func divide(in tokens: EnglishTokens) {
      guard tokens.isSymbol("/", at: end), let unit = Unit.named(tokens[end + 1].text) else { return }
      var per = " per " + unit.one
      end += 2
      if tokens[end].kind == .superscript {
        let power = tokens[end].text
        per = unit.squared(power).map { unit.one == "second" ? per + " squared" : " per " + $0.one } ?? per
        end += 1
      }
      one += per
      many += per
    }

    /// Units that a smaller one may follow: `5 ft. 3 in.`
    private static let larger: Set<String> = ["ft", "lb", "lbs", "hr", "hrs", "yd"]

    /// The stop of an abbreviated unit, unless the sentence ends there.
    private mutating func skipStop(in tokens: EnglishTokens) {
      guard tokens.isSymbol(".", at: end), !SentenceEnd.isReached(in: tokens, at: end + 1) else { return }
      let next = tokens[tokens.skippingBlank(end + 1)]
      let isInTwoUnits = next.kind == .digits && Self.larger.contains(tokens[end - 1].text)
      if isInTwoUnits || next.text.isLowercased || next.text == "," { end += 1 }
    }
  }
}
