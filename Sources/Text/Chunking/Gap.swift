/// White space between two words, however long.
struct Gap {
  /// Where the next word begins.
  let end: String.Index
  /// How many lines end in it.
  let lineBreaks: Int
  /// Whether it holds a blank line or a separator that means as much.
  let endsParagraph: Bool
}

extension String.UnicodeScalarView {
  /// The white space that begins at an index; empty where there is none.
  func gap(at start: Index) -> Gap {
    var end = start
    var lineBreaks = 0
    var hasSeparator = false
    while end < endIndex, self[end].isSpace {
      let scalar = self[end]
      formIndex(after: &end)
      switch scalar {
      case "\r" where end < endIndex && self[end] == "\n":
        break
      case "\n", "\r", "\u{85}", "\u{2028}":
        lineBreaks += 1
      case "\u{0C}", "\u{2029}":
        hasSeparator = true
      default:
        break
      }
    }
    return Gap(end: end, lineBreaks: lineBreaks, endsParagraph: hasSeparator || lineBreaks > 1)
  }

  /// The scalar at an index, or `nil` at the end.
  func scalar(at index: Index) -> Unicode.Scalar? {
    index < endIndex ? self[index] : nil
  }

  /// The scalar before an index, or `nil` at the start.
  func scalar(before index: Index) -> Unicode.Scalar? {
    index > startIndex ? self[self.index(before: index)] : nil
  }
}
