/// Ordinals in figures: `21st`, `1,000th`.
enum Ordinals {
  static func rewrite(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    guard let numeral = Numeral(in: tokens, at: index), numeral.decimals == nil,
      let suffix = tokens.word(at: numeral.end), isSuffix(suffix)
    else { return nil }
    return Rewrite(words: NumberWords.ordinal(numeral.whole), end: numeral.end + 1)
  }

  static func isSuffix(_ word: String) -> Bool {
    word.utf8.count == 2 && ["st", "nd", "rd", "th"].contains(word.lowercased())
  }
}
