/// Times of the day: `3:45 pm`, `14:30`, `5 a.m.`, `12:00`.
enum Times {
  static func rewrite(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    guard !tokens.isSymbol(":", at: index - 1) else { return nil }
    return clock(in: tokens, at: index) ?? hour(in: tokens, at: index)
  }

  /// A time with minutes, and perhaps with seconds.
  static func clock(in tokens: EnglishTokens, at index: Int) -> Rewrite? {
    guard let hour = tokens.smallNumber(at: index), hour <= 24,
      let minute = sexagesimal(in: tokens, at: index + 1)
    else { return nil }
    let second = sexagesimal(in: tokens, at: index + 3)
    let end = second == nil ? index + 3 : index + 5
    guard !(tokens.isSymbol(":", at: end) && tokens.digits(at: end + 1) != nil) else { return nil }
    let meridiem = Meridiem(in: tokens, at: end)
    var words = words(hour: hour, minute: minute, hasMeridiem: meridiem != nil)
    if let second, second > 0 {
      words += " and " + NumberWords.cardinal(second) + (second == 1 ? " second" : " seconds")
    }
    return Rewrite(words: words + (meridiem.map { " " + $0.words } ?? ""), end: meridiem?.end ?? end)
  }

  /// Two figures below 60 after a colon.
  private static func sexagesimal(in tokens: EnglishTokens, at colon: Int) -> Int? {
    guard tokens.isSymbol(":", at: colon), tokens.digits(at: colon + 1)?.utf8.count == 2,
      let value = tokens.smallNumber(at: colon + 1), value < 60
    else { return nil }
    return value
  }

  private static func words(hour: Int, minute: Int, hasMeridiem: Bool) -> String {
    let hourWord = NumberWords.cardinal(hour)
    switch minute {
    case 0 where hasMeridiem: return hourWord
    case 0: return (1...12).contains(hour) ? hourWord + " o'clock" : hourWord + " hundred"
    case 1...9: return hourWord + " oh " + NumberWords.cardinal(minute)
    default: return hourWord + " " + NumberWords.cardinal(minute)
    }
  }

  /// `5 pm`: a full hour that only the half of the day tells from a number.
  private static func hour(in tokens: EnglishTokens, at index: Int) -> Rewrite? {
    guard let hour = tokens.smallNumber(at: index), (1...12).contains(hour),
      !tokens.isSymbol(in: [".", ","], at: index - 1), let meridiem = Meridiem(in: tokens, at: index + 1)
    else { return nil }
    return Rewrite(words: NumberWords.cardinal(hour) + " " + meridiem.words, end: meridiem.end)
  }
}

/// The half of the day, after a time: `am`, `p.m.`
private struct Meridiem {
  let words: String
  let end: Int

  init?(in tokens: EnglishTokens, at index: Int) {
    let start = tokens.skippingBlank(index)
    switch tokens.word(at: start) {
    case "am", "AM": words = "AM"
    case "pm", "PM": words = "PM"
    case "a", "A": words = "AM"
    case "p", "P": words = "PM"
    default: return nil
    }
    if tokens[start].text.utf8.count == 2 {
      end = start + 1
      return
    }
    guard tokens.isSymbol(".", at: start + 1), tokens.word(at: start + 2)?.lowercased() == "m" else {
      return nil
    }
    let hasStop = tokens.isSymbol(".", at: start + 3)
    let endsSentence = SentenceEnd.isReached(in: tokens, at: start + 4)
    end = hasStop && !endsSentence ? start + 4 : start + 3
  }
}
