/// Decades, centuries and round plurals: `1980s`, `1900s`, `the '90s`, `in her 30s`, `100s`; and `'84`.
enum Decades {
  static func rewrite(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    guard let numeral = Numeral(in: tokens, at: index), let value = numeral.value,
      !tokens.isSymbol(in: [".", ",", "$"], at: index - 1), let plural = Plural(in: tokens, at: numeral.end)
    else { return nil }
    switch numeral.whole.utf8.count {
    case 4 where value % 10 == 0 && value > 1000:
      return Rewrite(words: NumberWords.plural(of: NumberWords.year(value)), end: plural.end)
    case 3 where value == 100, 4 where value == 1000:
      return Rewrite(words: value == 100 ? "hundreds" : "thousands", end: plural.end)
    case 2 where value % 10 == 0 && (plural.hasApostrophe || isAge(tokens, at: index)):
      return Rewrite(words: NumberWords.plural(of: NumberWords.cardinal(value)), end: plural.end)
    default:
      return nil
    }
  }

  /// `'90s`, `'84`
  static func rewriteShortened(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    guard tokens.isSymbol("'", at: index), tokens.isGap(at: index - 1) || tokens.isSymbol("(", at: index - 1),
      let figures = tokens.digits(at: index + 1), figures.utf8.count == 2
    else { return nil }
    if let plural = Plural(in: tokens, at: index + 2), figures.hasSuffix("0") {
      return Rewrite(words: NumberWords.plural(of: NumberWords.cardinal(figures)), end: plural.end)
    }
    guard tokens[index + 2].kind != .word, !tokens.isSymbol(in: ["'", "′", "%"], at: index + 2) else {
      return nil
    }
    let words = NumberWords.cardinal(figures)
    return Rewrite(words: figures.hasPrefix("0") ? "oh " + words : words, end: index + 2)
  }

  /// Without these words, `30s` are seconds.
  private static func isAge(_ tokens: EnglishTokens, at index: Int) -> Bool {
    let before = tokens.isSymbol("-", at: index - 1) ? tokens.word(at: index - 2) : tokens.wordBefore(index)
    return before.map { ageWords.contains($0.lowercased()) } ?? false
  }

  private static let ageWords: Set<String> = [
    "the", "his", "her", "their", "my", "your", "our", "its", "early", "mid", "late",
  ]

  /// The s after a number, perhaps with an apostrophe.
  private struct Plural {
    let hasApostrophe: Bool
    let end: Int

    init?(in tokens: EnglishTokens, at index: Int) {
      hasApostrophe = tokens.isSymbol("'", at: index)
      let letter = hasApostrophe ? index + 1 : index
      guard tokens.word(at: letter) == "s" else { return nil }
      end = letter + 1
    }
  }
}

extension NumberWords {
  /// `nineteen eighty` in the plural is "nineteen eighties".
  static func plural(of words: String) -> String {
    words.hasSuffix("y") ? words.dropLast() + "ies" : words + "s"
  }
}
