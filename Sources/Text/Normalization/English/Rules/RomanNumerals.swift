/// Roman numerals where the word before tells that they are numbers: `Henry VIII`, `Chapter IV`.
enum RomanNumerals {
  static func rewrite(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    guard let text = tokens.word(at: index), let before = label(of: tokens, at: index),
      let value = RomanFigures.value(of: text)
    else { return nil }
    let end = index + 1
    let isSmall = !before.isCapitalised
    if isSmall && (text == "I" || value >= 40) { return nil }
    if numbered.contains(before.lowercased()) {
      return Rewrite(words: NumberWords.cardinal(value), end: end)
    }
    if rulers.contains(before), text != "I" || !isPronoun(tokens, at: index) {
      return Rewrite(words: "the " + NumberWords.ordinal(value), end: end)
    }
    let isUnmistakable = !isSmall && (value == 2 || value == 3)
    return isUnmistakable ? Rewrite(words: NumberWords.cardinal(value), end: end) : nil
  }

  /// The word before the numeral, across the stop of an abbreviation: `vol. II`.
  private static func label(of tokens: EnglishTokens, at index: Int) -> String? {
    guard tokens.isBlank(at: index - 1), tokens.isSymbol(".", at: index - 2) else {
      return tokens.wordBefore(index)
    }
    return tokens.word(at: index - 3).flatMap { shortLabels.contains($0.lowercased()) ? "volume" : nil }
  }

  private static let shortLabels: Set<String> = ["vol", "ch", "chap", "pt", "art", "fig", "sec", "no"]

  /// Whether the letter is rather the word: "as Charles I think".
  private static func isPronoun(_ tokens: EnglishTokens, at index: Int) -> Bool {
    guard let next = tokens.wordAfterBlank(index + 1) else { return false }
    return !["of", "and", "in", "who", "the", "was", "to"].contains(next)
  }

  private static let numbered: Set<String> = [
    "war", "chapter", "part", "act", "scene", "volume", "book", "section", "type", "phase", "stage",
    "level", "class", "grade", "appendix", "article", "figure", "table", "bowl", "title", "episode",
    "season", "rocky", "fantasy", "factor", "division", "group", "unit", "lesson", "step", "round",
    "mark", "quest", "olympiad",
  ]

  private static let rulers: Set<String> = [
    "Henry", "Louis", "Elizabeth", "George", "William", "Charles", "James", "Edward", "Richard", "Philip",
    "Napoleon", "Pius", "Benedict", "John", "Paul", "Leo", "Gregory", "Clement", "Innocent", "Urban",
    "Francis", "Catherine", "Peter", "Alexander", "Nicholas", "Ivan", "Frederick", "Wilhelm", "Joseph",
    "Ramesses", "Ramses", "Ptolemy", "Harald", "Olaf", "Gustav", "Carl", "Christian", "Ferdinand",
    "Alfonso", "Otto", "Mary", "Victoria", "Robert", "David", "Malcolm", "Kenneth", "Constantine",
    "Theodosius", "Justinian", "Darius", "Xerxes", "Cleopatra", "Thutmose", "Amenhotep", "Boniface",
    "Sixtus", "Julius", "Adrian", "Margrethe", "Baldwin", "Leopold", "Albert", "Maximilian", "Rudolf",
    "Felipe", "Carlos", "Juan", "Pedro", "Umberto", "Mehmed", "Murad", "Selim", "Suleiman", "Rama",
  ]
}
