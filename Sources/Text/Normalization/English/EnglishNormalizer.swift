/// Turns written English into words, by en-US conventions.
///
/// The text is read once from left to right. At each token the rules for its kind are asked in
/// order, the most specific first; the first that knows what it sees rewrites it.
enum EnglishNormalizer {
  static func normalize(_ text: String) -> String {
    let plain = CompatibilityCharacters.unify(Markdown.strip(text))
    let tokens = EnglishTokenizer.tokens(of: plain)
    var spoken = SpokenText()
    var index = 0
    while index < tokens.count {
      if let rewrite = rewrite(tokens, at: index) {
        spoken.say(rewrite.words)
        index = rewrite.end
      } else {
        spoken.copy(tokens[index])
        index += 1
      }
    }
    return spoken.text
  }

  private static func rewrite(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    let rules =
      switch tokens[index].kind {
      case .digits: numberRules
      case .word: wordRules
      case .symbol: symbolRules
      case .superscript: [Exponents.rewrite] as [Rule]
      case .space, .edge: [] as [Rule]
      }
    for rule in rules {
      if let rewrite = rule(tokens, index) { return rewrite }
    }
    return nil
  }

  /// What begins with a figure.
  private static let numberRules: [Rule] = [
    WebAddresses.rewrite,
    PhoneNumbers.rewrite,
    NumericDates.rewrite,
    CalendarDates.rewriteDayFirst,
    Times.rewrite,
    Serials.rewrite,
    Decades.rewrite,
    Currencies.rewriteAmountFirst,
    FeetAndInches.rewrite,
    Degrees.rewrite,
    Units.rewrite,
    Dimensions.rewrite,
    Ordinals.rewrite,
    SetPhrases.rewrite,
    Labels.rewriteNumber,
    Years.rewrite,
    Ratios.rewrite,
    Numbers.rewrite,
  ]

  /// What begins with a letter.
  private static let wordRules: [Rule] = [
    WebAddresses.rewrite,
    CalendarDates.rewriteMonthFirst,
    CalendarDates.rewriteWeekday,
    Currencies.rewriteCodeFirst,
    Units.rewriteRate,
    Years.rewriteEra,
    Labels.rewriteLabel,
    Initialisms.rewrite,
    Streets.rewrite,
    ShortenedWords.rewrite,
    RomanNumerals.rewrite,
    GreekLetters.rewrite,
    SetPhrases.rewrite,
  ]

  /// What begins with a sign or a mark.
  private static let symbolRules: [Rule] = [
    Markup.rewrite,
    WebAddresses.rewritePath,
    PhoneNumbers.rewrite,
    Currencies.rewriteSymbolFirst,
    Decades.rewriteShortened,
    Numbers.rewriteLeadingPoint,
    Decorations.rewrite,
    Signs.rewrite,
    Dashes.rewrite,
    Slashes.rewrite,
    Tagging.rewrite,
    Operators.rewrite,
    Symbols.rewrite,
    SentenceMarks.rewrite,
  ]
}
