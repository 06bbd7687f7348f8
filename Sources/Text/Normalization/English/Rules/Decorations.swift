/// Runs of one sign: `***`, `====`, `~~~` say nothing, `$$$` is said once.
enum Decorations {
  static func rewrite(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    let sign = tokens[index].text
    guard tokens.isSymbol(sign, at: index + 1), !others.contains(sign) else { return nil }
    var end = index
    while tokens.isSymbol(sign, at: end) { end += 1 }
    if let currency = Currency.bySymbol[sign] { return Rewrite(words: currency.one, end: end) }
    return end - index > 2 || pairs.contains(sign) ? Rewrite(words: "", end: end) : nil
  }

  /// Marks that other rules reduce, and marks that may follow each other.
  private static let others = SentenceMarks.marks.union(["-", "–", "—", "/", "\"", "'", "(", ")", "[", "]"])

  /// Signs that two of are decoration already.
  private static let pairs: Set<String> = ["*", "_", "~", "`", "^", "#"]
}
