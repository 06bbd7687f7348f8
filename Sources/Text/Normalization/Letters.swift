extension Unicode.Scalar {
  /// A letter of any script, or a mark that belongs to one; unlike a word part, never a figure or `²`.
  var isLetterOrMark: Bool {
    if isASCII { return ("a"..."z").contains(self) || ("A"..."Z").contains(self) }
    switch properties.generalCategory {
    case .nonspacingMark, .spacingMark: return true
    default: return properties.isAlphabetic
    }
  }
}
