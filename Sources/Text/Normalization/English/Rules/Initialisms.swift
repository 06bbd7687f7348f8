/// Letters said one by one: `U.S.A.`, `Ph.D.`, `AT&T`, and the initials of names, `J. K. Rowling`.
///
/// Letters are joined by hyphens, because a lone "A" would be read as the article.
enum Initialisms {
  static func rewrite(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    dotted(tokens, at: index) ?? degree(tokens, at: index) ?? pair(tokens, at: index)
      ?? initial(tokens, at: index)
  }

  /// `U.S.`, `e.g.`, `a.m.`: single letters, each with a stop; the last may lack it.
  private static func dotted(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    guard !tokens.isSymbol(".", at: index - 1) else { return nil }
    var letters: [String] = []
    var end = index
    while let letter = tokens.word(at: end), letter.utf8.count == 1 {
      letters.append(letter)
      guard tokens.isSymbol(".", at: end + 1), tokens.word(at: end + 2)?.utf8.count == 1 else { break }
      end += 2
    }
    guard letters.count > 1 else { return nil }
    let words = phrases[letters.joined().lowercased()] ?? letters.joined(separator: "-").uppercased()
    return Rewrite(words: words, end: skippingStop(in: tokens, at: end + 1))
  }

  private static let phrases = [
    "eg": "for example", "ie": "that is", "am": "A-M", "pm": "P-M", "nb": "note", "qv": "which see",
  ]

  /// `Ph.D.`, `M.Sc.`
  private static func degree(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    guard let first = tokens.word(at: index), tokens.isSymbol(".", at: index + 1),
      let second = tokens.word(at: index + 2), degrees.contains(first + second)
    else { return nil }
    return Rewrite(words: first + second, end: skippingStop(in: tokens, at: index + 3))
  }

  private static let degrees: Set<String> = ["PhD", "PhDs", "MSc", "BSc", "MEng", "BEng", "MPhil", "EdD"]

  /// `AT&T`, `R&D`
  private static func pair(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    guard tokens.isSymbol("&", at: index + 1), let first = tokens.word(at: index),
      let second = tokens.word(at: index + 2), isCapitals(first), isCapitals(second)
    else { return nil }
    return Rewrite(words: spelled(first) + "-and-" + spelled(second), end: index + 3)
  }

  private static func isCapitals(_ word: String) -> Bool {
    (1...3).contains(word.utf8.count) && word.utf8.allSatisfy { (0x41...0x5A).contains($0) }
  }

  private static func spelled(_ word: String) -> String {
    word.map { String($0) }.joined(separator: "-")
  }

  /// The initial of a first or middle name loses its stop.
  private static func initial(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    guard let letter = tokens.word(at: index), letter.utf8.count == 1, letter.isCapitalised,
      tokens.isSymbol(".", at: index + 1), tokens.isCapitalised(at: tokens.skippingBlank(index + 2)),
      !SentenceEnd.isReached(in: tokens, at: index + 2)
    else { return nil }
    return Rewrite(words: letter, end: index + 2)
  }

  private static func skippingStop(in tokens: EnglishTokens, at index: Int) -> Int {
    tokens.isSymbol(".", at: index) && !SentenceEnd.isReached(in: tokens, at: index + 1) ? index + 1 : index
  }
}
