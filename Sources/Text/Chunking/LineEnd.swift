/// What the end of a line means: a blank line parts paragraphs, a single break may only wrap the text.
enum LineEnd {
  /// Lines of a wrapped text are longer than a heading or an item of a list, in scalars.
  private static let longestHeading = 60
  /// The same for scripts without capitals, whose lines hold fewer and wider letters.
  private static let longestCaselessHeading = 30

  /// What white space after a piece ends; `nil` when the text just goes on.
  static func boundary(
    of gap: Gap, after end: String.Index, in scalars: String.UnicodeScalarView, language: Language
  ) -> TextChunk.Boundary? {
    guard let next = scalars.scalar(at: gap.end) else { return .end }
    if gap.endsParagraph { return .paragraph }
    guard gap.lineBreaks > 0 else { return nil }
    if isListMark(at: gap.end, in: scalars) { return .sentence }
    guard let last = scalars.scalar(before: end), last != "-", Punctuation(last, in: language) == nil
    else { return nil }
    let first = next.isOpening ? scalars.scalar(at: scalars.index(after: gap.end)) ?? next : next
    if first.properties.isLowercase { return nil }
    let longest = first.isWordPart && !first.isCased ? longestCaselessHeading : longestHeading
    return isLine(endingAt: end, in: scalars, upTo: longest) ? .sentence : nil
  }

  private static func isLine(
    endingAt end: String.Index, in scalars: String.UnicodeScalarView, upTo longest: Int
  ) -> Bool {
    var index = end
    for _ in 0...longest {
      guard let scalar = scalars.scalar(before: index), !scalar.isLineBreak else { return true }
      index = scalars.index(before: index)
    }
    return false
  }

  /// `- item`, `• item`, `12. item`, `a) item`.
  private static func isListMark(
    at index: String.Index, in scalars: String.UnicodeScalarView
  ) -> Bool {
    let word = scalars[index...].prefix(5).prefix { !$0.isSpace }
    guard let last = word.last, scalars.scalar(at: word.endIndex)?.isSpace == true else { return false }
    let label = word.dropLast()
    switch last {
    case "-", "*", "+", "•", "◦", "‣", "▪", "●", "○", "■", "–", "—": return label.isEmpty
    case ".", ")": return !label.isEmpty && (label.allSatisfy(\.isDigit) || label.count == 1)
    default: return false
    }
  }
}
