extension String.UnicodeScalarView {
  /// A range of the text in one line: each run of white space becomes one space, and a line break
  /// between two characters of a script without spaces becomes nothing.
  func singleLine(of range: Range<Index>) -> String {
    var line = String.UnicodeScalarView()
    var index = range.lowerBound
    while index < range.upperBound {
      let scalar = self[index]
      guard scalar.isSpace, !scalar.isNoBreakSpace else {
        line.append(scalar)
        formIndex(after: &index)
        continue
      }
      let gap = gap(at: index)
      let isWrapped =
        gap.lineBreaks > 0 && self.scalar(before: index)?.isSpaceless == true
        && self.scalar(at: gap.end)?.isSpaceless == true
      if !isWrapped, gap.end < range.upperBound { line.append(" ") }
      index = gap.end
    }
    return String(line)
  }
}
