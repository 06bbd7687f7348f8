/// Years that nothing marks as such: `in 1984`, `since 2010`, `44 BC`.
enum Years {
  static func rewrite(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    guard let numeral = Numeral(in: tokens, at: index), numeral.isPlain, numeral.whole.utf8.count == 4,
      numeral.whole.first != "0", let year = numeral.value
    else { return nil }
    let isYear = isLikely(year) ? !isCount(tokens, at: index) : isMarked(tokens, at: index)
    return isYear ? Rewrite(words: NumberWords.year(year), end: numeral.end) : nil
  }

  /// `AD 79`, `500 AD`: the letters, because the word would be read as "ad".
  static func rewriteEra(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    guard tokens.word(at: index) == "AD" else { return nil }
    let isBesideYear =
      tokens.isBlank(at: index + 1) && tokens.digits(at: index + 2) != nil
      || tokens.isBlank(at: index - 1) && tokens.digits(at: index - 2) != nil
    return isBesideYear ? Rewrite(words: "A-D", end: index + 1) : nil
  }

  private static func isLikely(_ year: Int) -> Bool { (1100...2099).contains(year) }

  /// Whether things are counted: `1500 pages`. After "in" or "the" it is a year all the same.
  private static func isCount(_ tokens: EnglishTokens, at index: Int) -> Bool {
    let startsCompound =
      tokens.isSymbol("-", at: index + 1) && tokens.word(at: index + 2)?.isLowercased ?? false
    if startsCompound { return !["present", "now", "today"].contains(tokens[index + 2].text) }
    guard let noun = tokens.wordAfterBlank(index + 1), isPlural(noun) else { return false }
    return !(tokens.wordBefore(index).map { $0.lowercased() == "the" || isYearWord($0) } ?? false)
  }

  private static func isPlural(_ word: String) -> Bool {
    guard word.isLowercased else { return false }
    if ["people", "men", "women", "children", "feet", "percent", "sheep", "fish"].contains(word) {
      return true
    }
    return word.utf8.count >= 4 && word.hasSuffix("s") && !word.hasSuffix("ss") && !notPlural.contains(word)
  }

  private static let notPlural: Set<String> = [
    "this", "does", "was", "has", "always", "perhaps", "thus", "versus", "plus", "minus", "across",
    "besides", "sometimes", "towards", "afterwards", "seems", "marks", "sees", "remains", "becomes",
    "brings",
  ]

  /// Whether the words around tell that an unlikely number is a year: `in 1066`, `1050 AD`.
  private static func isMarked(_ tokens: EnglishTokens, at index: Int) -> Bool {
    if let era = tokens.wordAfterBlank(index + 1), ["AD", "BC", "CE", "BCE"].contains(era) { return true }
    guard !(tokens.wordAfterBlank(index + 1).map(isPlural) ?? false) else { return false }
    return tokens.wordBefore(index).map(isYearWord) ?? false
  }

  private static func isYearWord(_ word: String) -> Bool {
    ["in", "since", "until", "till", "before", "after", "during", "circa", "year", "early", "late", "by"]
      .contains(word.lowercased())
  }
}
