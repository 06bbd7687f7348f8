/// Tells a full stop that ends a sentence from one that shortens a word: `Dr. Kim`, `z.B.`, `3. Mai`.
struct FullStop: Sendable {
  private let abbreviations: Abbreviations
  private let hasOrdinals: Bool

  /// Longer words are no abbreviations; this many scalars are looked at before the stop.
  private static let longestWord = 16
  /// A word of fewer letters before a stop and a small letter may be an abbreviation not listed.
  private static let plainWord = 5

  init(language: Language) {
    abbreviations = Abbreviations(language: language)
    hasOrdinals = [.danish, .german, .finnish, .norwegian, .polish, .turkish].contains(language)
  }

  /// Whether the stop at an index, followed by white space, ends a sentence.
  /// - Parameter next: The first letter or figure after the stop.
  func endsSentence(
    at index: String.Index, in scalars: String.UnicodeScalarView, before next: Unicode.Scalar?
  ) -> Bool {
    let start = wordStart(before: index, in: scalars)
    let word = String(scalars[start..<index])
    if word.isEmpty || isAddress(endingAt: start, in: scalars) { return true }
    if word.unicodeScalars.allSatisfy(\.isDigit) {
      let isOrdinal = hasOrdinals && word.unicodeScalars.count <= 2
      return !isOrdinal && !beginsLine(at: start, in: scalars)
    }
    if isInitial(word) || isDotted(word) { return false }
    let name = word.lowercased()
    if abbreviations.beforeAnything.contains(name) { return false }
    if let next, next.isDigit, abbreviations.beforeNumber.contains(name) { return false }
    return next?.properties.isLowercase != true || word.count >= Self.plainWord
  }

  private func wordStart(
    before index: String.Index, in scalars: String.UnicodeScalarView
  ) -> String.Index {
    var start = index
    for _ in 0..<Self.longestWord {
      guard let scalar = scalars.scalar(before: start), scalar.isWordPart || scalar == "." else { break }
      start = scalars.index(before: start)
    }
    return start
  }

  /// Whether a word is the tail of something like `a.org/b?c=d` or `km/h`, not a word by itself.
  private func isAddress(endingAt start: String.Index, in scalars: String.UnicodeScalarView) -> Bool {
    switch scalars.scalar(before: start) {
    case "/", "@", "=", "&", "%", "?", "#": true
    default: false
    }
  }

  /// `J` in `J. R. R. Tolkien`, `z` in `z. B.`.
  private func isInitial(_ word: String) -> Bool {
    word.count == 1 && word.unicodeScalars.first?.isCased == true
  }

  /// `U.S`, `a.m`, `Ph.D`: parts of one or two letters. The parts of `example.com` are longer.
  private func isDotted(_ word: String) -> Bool {
    let parts = word.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count > 1 && parts.allSatisfy { (1...2).contains($0.count) && $0.allSatisfy(\.isLetter) }
  }

  /// Whether a figure stands where a list would number its items.
  private func beginsLine(at index: String.Index, in scalars: String.UnicodeScalarView) -> Bool {
    var start = index
    while let scalar = scalars.scalar(before: start), scalar.isSpace {
      if scalar.isLineBreak { return true }
      start = scalars.index(before: start)
    }
    return start == scalars.startIndex
  }
}
