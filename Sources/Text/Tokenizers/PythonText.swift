/// What Python's strings do, scalar by scalar, which the reference relies on.
extension Unicode.Scalar {
  /// What `str.split()` and `str.strip()` take for white space: the four separators from U+001C, too.
  var isPythonSpace: Bool { isSpace || (0x1C...0x1F).contains(value) }
}

extension Array where Element == Unicode.Scalar {
  /// `str.lower()`: full case mapping, with a final sigma at the end of a word.
  func pythonLowercased() -> [Unicode.Scalar] {
    var lowered: [Unicode.Scalar] = []
    lowered.reserveCapacity(count)
    for (index, scalar) in enumerated() {
      if scalar.isASCII {
        lowered.append(("A"..."Z").contains(scalar) ? Unicode.Scalar(UInt8(scalar.value) + 0x20) : scalar)
      } else if scalar == "Σ" {
        lowered.append(isFinalSigma(at: index) ? "ς" : "σ")
      } else {
        lowered += scalar.properties.lowercaseMapping.unicodeScalars
      }
    }
    return lowered
  }

  /// A letter before it and none behind, whatever marks stand between.
  private func isFinalSigma(at index: Int) -> Bool {
    let before = self[..<index].last { !$0.properties.isCaseIgnorable }
    let after = self[(index + 1)...].first { !$0.properties.isCaseIgnorable }
    return before?.properties.isCased == true && after?.properties.isCased != true
  }

  /// `str.strip()`.
  func pythonStripped() -> ArraySlice<Unicode.Scalar> {
    let start = firstIndex { !$0.isPythonSpace } ?? endIndex
    let end = lastIndex { !$0.isPythonSpace }.map { $0 + 1 } ?? start
    return self[start..<end]
  }

  /// `str.replace()`.
  func replacing(_ pattern: String, with replacement: String) -> [Unicode.Scalar] {
    let pattern = Array(pattern.unicodeScalars)
    var result: [Unicode.Scalar] = []
    result.reserveCapacity(count)
    var position = 0
    while position < count {
      if self[position] == pattern.first, self[position...].starts(with: pattern) {
        result += replacement.unicodeScalars
        position += pattern.count
      } else {
        result.append(self[position])
        position += 1
      }
    }
    return result
  }
}
