/// Dates with the month's name: `Dec. 5, 2024`, `March 3rd`, `5 December`, and `Mon, Jan 6`.
enum CalendarDates {
  static func rewriteMonthFirst(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    guard let name = MonthName(in: tokens, at: index) else { return nil }
    if let day = Day(in: tokens, at: name.end + 1), tokens.isBlank(at: name.end) {
      return withYear(DateWords.name(ofMonth: name.month) + " " + day.words, in: tokens, at: day.end)
    }
    if let year = year(in: tokens, at: name.end) {
      return Rewrite(words: DateWords.name(ofMonth: name.month) + " " + year.words, end: year.end)
    }
    return name.isAbbreviated ? abbreviated(name, in: tokens) : nil
  }

  /// `Jan.` or `Jan-Mar`; an abbreviation without a stop is only trusted beside another.
  private static func abbreviated(_ name: MonthName, in tokens: EnglishTokens) -> Rewrite? {
    let words = DateWords.name(ofMonth: name.month)
    if tokens.isSymbol(in: ["-", "–"], at: name.end), let last = MonthName(in: tokens, at: name.end + 1) {
      let range = words + " to " + DateWords.name(ofMonth: last.month)
      return Rewrite(words: range, end: last.hasStop ? last.endBeforeSentenceStop(in: tokens) : last.end)
    }
    guard name.hasStop, !(SentenceEnd.isReached(in: tokens, at: name.end) && name.isAlsoName) else {
      return nil
    }
    return Rewrite(words: words, end: name.endBeforeSentenceStop(in: tokens))
  }

  static func rewriteDayFirst(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    guard let day = Day(in: tokens, at: index), tokens.isBlank(at: day.end),
      let name = MonthName(in: tokens, at: day.end + 1)
    else { return nil }
    let article = tokens.wordBefore(index)?.lowercased() == "the" ? "" : "the "
    return withYear(
      article + day.words + " of " + DateWords.name(ofMonth: name.month), in: tokens, at: name.end)
  }

  /// `Mon.`, `Mon, Jan 6`, `Mon-Fri`: `Sun` and `sat` are also words, so something must tell.
  static func rewriteWeekday(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    guard let text = tokens.word(at: index), let weekday = DateWords.weekday(abbreviated: text) else {
      return nil
    }
    let hasStop = tokens.isSymbol(".", at: index + 1)
    let end = hasStop ? index + 2 : index + 1
    if tokens.isSymbol(in: ["-", "–"], at: end), let text = tokens.word(at: end + 1),
      let last = DateWords.weekday(abbreviated: text)
    {
      let isStopped = tokens.isSymbol(".", at: end + 2) && !SentenceEnd.isReached(in: tokens, at: end + 3)
      return Rewrite(words: weekday + " to " + last, end: isStopped ? end + 3 : end + 2)
    }
    let next = tokens.skippingBlank(tokens.isSymbol(",", at: end) ? end + 1 : end)
    let isBesideDate =
      next > end && (MonthName(in: tokens, at: next) != nil || Day(in: tokens, at: next) != nil)
    let isWord = ["Sat", "Sun"].contains(text)
    guard isBesideDate || hasStop && !isWord else { return nil }
    let endsSentence = hasStop && SentenceEnd.isReached(in: tokens, at: end)
    return Rewrite(words: weekday, end: endsSentence ? end - 1 : end)
  }

  private static func withYear(_ date: String, in tokens: EnglishTokens, at index: Int) -> Rewrite {
    guard let year = year(in: tokens, at: index) else { return Rewrite(words: date, end: index) }
    return Rewrite(words: date + ", " + year.words, end: year.end)
  }

  /// A year after a blank, a comma or both.
  private static func year(in tokens: EnglishTokens, at index: Int) -> Rewrite? {
    let start = tokens.skippingBlank(tokens.isSymbol(",", at: index) ? index + 1 : index)
    guard start > index, let numeral = Numeral(in: tokens, at: start), numeral.isPlain,
      numeral.whole.utf8.count == 4, let year = numeral.value, (1000...2999).contains(year),
      tokens.word(at: numeral.end) == nil, !tokens.isSymbol(":", at: numeral.end)
    else { return nil }
    return Rewrite(words: NumberWords.year(year), end: numeral.end)
  }
}

extension CalendarDates {
  private struct MonthName {
    let month: Int
    let isAbbreviated: Bool
    let hasStop: Bool
    /// Whether it is also the name of a person or a common word: `Jan`, `May`, `Mar`.
    let isAlsoName: Bool
    /// The index after the name and its stop.
    let end: Int

    init?(in tokens: EnglishTokens, at index: Int) {
      guard let text = tokens.word(at: index), let month = DateWords.month(named: text) else { return nil }
      self.month = month
      isAbbreviated = text.utf8.count <= 4 && !["May", "June", "July"].contains(text)
      hasStop = isAbbreviated && tokens.isSymbol(".", at: index + 1)
      isAlsoName = ["Jan", "Mar"].contains(text)
      end = hasStop ? index + 2 : index + 1
    }

    /// Leaves the stop to the sentence where that ends with the name.
    func endBeforeSentenceStop(in tokens: EnglishTokens) -> Int {
      hasStop && SentenceEnd.isReached(in: tokens, at: end) ? end - 1 : end
    }
  }

  /// A day of the month, `5` or `5th`, or a range of days, `1–5`.
  private struct Day {
    let words: String
    let end: Int

    init?(in tokens: EnglishTokens, at index: Int) {
      guard let first = Self.day(in: tokens, at: index) else { return nil }
      guard tokens.isSymbol(in: ["-", "–"], at: first.end),
        let last = Self.day(in: tokens, at: first.end + 1)
      else {
        words = first.words
        end = first.end
        return
      }
      words = first.words + " to " + last.words
      end = last.end
    }

    private static func day(in tokens: EnglishTokens, at index: Int) -> Rewrite? {
      guard let numeral = Numeral(in: tokens, at: index), numeral.isPlain,
        let day = tokens.smallNumber(at: index), (1...31).contains(day)
      else { return nil }
      let hasSuffix = tokens.word(at: numeral.end).map(Ordinals.isSuffix) ?? false
      let end = hasSuffix ? numeral.end + 1 : numeral.end
      let goesOn = tokens.isWordOrDigits(at: end) || tokens.isSymbol(in: [":", "%", "/", "°"], at: end)
      return goesOn ? nil : Rewrite(words: NumberWords.ordinal(day), end: end)
    }
  }
}
