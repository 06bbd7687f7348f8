/// Dates in figures: `2024-12-05`, `12/05/2024`, `5.12.2024`, `2024-12-05T14:30:00Z`.
enum NumericDates {
  static func rewrite(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    full(tokens, at: index) ?? withoutYear(tokens, at: index)
  }

  private static func full(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    guard tokens.startsExpression(at: index), let separator = separator(of: tokens, at: index),
      let (first, second, third) = parts(of: tokens, at: index)
    else { return nil }
    let end = index + 5
    let isLonger = tokens.isSymbol(separator, at: end) && tokens.digits(at: end + 1) != nil
    guard !isLonger, let date = date(first, second, third, separator: separator) else { return nil }
    return withTime(date, in: tokens, at: end)
  }

  /// `on 12/25`; without such a word it is a fraction.
  private static func withoutYear(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    guard let before = tokens.wordBefore(index)?.lowercased(), prepositions.contains(before),
      let month = tokens.smallNumber(at: index), tokens.isSymbol("/", at: index + 1),
      let day = tokens.smallNumber(at: index + 2), DateWords.isDay(day, ofMonth: month),
      !tokens.isSymbol("/", at: index + 3)
    else { return nil }
    return Rewrite(words: DateWords.date(year: nil, month: month, day: day), end: index + 3)
  }

  private static let prepositions: Set<String> = ["on", "by", "until", "before", "since", "due"]

  private static func separator(of tokens: EnglishTokens, at index: Int) -> String? {
    for separator in ["-", "/", "."]
    where tokens.isSymbol(separator, at: index + 1) && tokens.isSymbol(separator, at: index + 3) {
      return separator
    }
    return nil
  }

  private static func parts(of tokens: EnglishTokens, at index: Int) -> (String, String, String)? {
    guard let first = tokens.digits(at: index), let second = tokens.digits(at: index + 2),
      let third = tokens.digits(at: index + 4)
    else { return nil }
    return (first, second, third)
  }

  private static func date(
    _ first: String, _ second: String, _ third: String, separator: String
  ) -> String? {
    guard second.utf8.count <= 2, let middle = Int(second) else { return nil }
    switch (first.utf8.count, third.utf8.count) {
    case (4, 1...2):
      return date(year: Int(first), month: middle, day: Int(third))
    case (1...2, 4),
      (1...2, 2) where third.utf8.count == 4 || separator == "/":
      let year = third.utf8.count == 4 ? Int(third) : Int(third).map { $0 < 70 ? 2000 + $0 : 1900 + $0 }
      let monthFirst = separator == "." ? nil : date(year: year, month: Int(first), day: middle)
      return monthFirst ?? date(year: year, month: middle, day: Int(first))
    default:
      return nil
    }
  }

  private static func date(year: Int?, month: Int?, day: Int?) -> String? {
    guard let year, let month, let day, (1000...2999).contains(year), DateWords.isDay(day, ofMonth: month)
    else { return nil }
    return DateWords.date(year: year, month: month, day: day)
  }

  /// A time stamp goes on after the date: `T14:30:00.000Z`.
  private static func withTime(_ date: String, in tokens: EnglishTokens, at index: Int) -> Rewrite {
    guard tokens.word(at: index) == "T", let time = Times.clock(in: tokens, at: index + 1) else {
      return Rewrite(words: date, end: index)
    }
    var end = time.end
    if tokens.isSymbol(".", at: end), tokens.digits(at: end + 1) != nil { end += 2 }
    let isUTC = tokens.word(at: end) == "Z"
    return Rewrite(words: date + ", " + time.words + (isUTC ? " UTC" : ""), end: isUTC ? end + 1 : end)
  }
}
