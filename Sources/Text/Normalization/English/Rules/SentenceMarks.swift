/// Repeated sentence marks, ellipses, points before words, and emoticons.
enum SentenceMarks {
  static let marks: Set<String> = [".", "!", "?", ",", ";", ":", "…"]

  static func rewrite(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    if let end = emoticon(tokens, at: index) { return Rewrite(words: "", end: end) }
    guard tokens.isSymbol(in: marks, at: index) else { return nil }
    if isLeadingPoint(tokens, at: index) || isExtensionPoint(tokens, at: index) {
      return Rewrite(words: "dot", end: index + 1)
    }
    var end = index
    var run: Set<String> = []
    while tokens.isSymbol(in: marks, at: end) {
      run.insert(tokens[end].text)
      end += 1
    }
    let isSingle = end == index + 1 && tokens[index].text != "…"
    return isSingle ? nil : Rewrite(words: reduced(run, in: tokens, from: index, to: end), end: end)
  }

  /// One mark for a run of them, the one that says most.
  private static func reduced(_ run: Set<String>, in tokens: EnglishTokens, from start: Int, to end: Int)
    -> String
  {
    for mark in ["?", "!"] where run.contains(mark) { return mark }
    if run.contains("…") || run.contains(".") && end - start > 2 {
      return ellipsis(tokens, from: start, to: end)
    }
    for mark in [".", ":", ";"] where run.contains(mark) { return mark }
    return ","
  }

  /// An ellipsis pauses inside a sentence and ends it before a capital.
  private static func ellipsis(_ tokens: EnglishTokens, from start: Int, to end: Int) -> String {
    if tokens.isGap(at: start - 1), tokens.isWordOrDigits(at: end) { return "" }
    let next = tokens[tokens.skippingBlank(end)]
    if next.kind == .symbol && marks.contains(next.text) { return "" }
    let goesOn = next.kind == .digits || next.kind == .word && !next.text.isCapitalised
    return goesOn ? "," : "."
  }

  /// `.NET`, `.env`
  private static func isLeadingPoint(_ tokens: EnglishTokens, at index: Int) -> Bool {
    tokens.isSymbol(".", at: index) && tokens.word(at: index + 1) != nil && tokens.startsExpression(at: index)
  }

  /// The point of a file name inside a path that is no address: `C:\me\notes.txt`.
  private static func isExtensionPoint(_ tokens: EnglishTokens, at index: Int) -> Bool {
    guard tokens.isSymbol(".", at: index), tokens.isWordOrDigits(at: index - 1) else { return false }
    return tokens.word(at: index + 1).map { $0.isLowercased && FileExtensions.spoken($0) != nil } ?? false
  }

  /// The index after `:)`, `;-)` or `:D`.
  private static func emoticon(_ tokens: EnglishTokens, at index: Int) -> Int? {
    guard tokens.isSymbol(in: [":", ";"], at: index), tokens.isGap(at: index - 1) else { return nil }
    let mouth = tokens.isSymbol("-", at: index + 1) ? index + 2 : index + 1
    let isFace = tokens.isSymbol(in: [")", "("], at: mouth) || ["D", "P", "p"].contains(tokens[mouth].text)
    return isFace && !tokens.isWordOrDigits(at: mouth + 1) ? mouth + 1 : nil
  }
}
