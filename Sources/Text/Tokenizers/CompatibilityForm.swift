import Foundation

extension Array where Element == Unicode.Scalar {
  /// Normalisation form NFKD, as Python's `unicodedata` has it.
  ///
  /// Foundation only takes single characters apart here. Given a whole text, it leaves a mark out of order
  /// that was no mark before (the half-width voicing mark of kana), and needs seconds for 100,000 marks.
  func compatibilityDecomposed() -> [Unicode.Scalar] {
    if allSatisfy(\.isASCII) { return self }
    var decompositions: [Unicode.Scalar: [Unicode.Scalar]] = [:]
    var decomposed: [Unicode.Scalar] = []
    decomposed.reserveCapacity(count)
    for scalar in self {
      if scalar.isASCII {
        decomposed.append(scalar)
      } else if let known = decompositions[scalar] {
        decomposed += known
      } else {
        let parts = Array(String(scalar).decomposedStringWithCompatibilityMapping.unicodeScalars)
        decompositions[scalar] = parts
        decomposed += parts
      }
    }
    decomposed.orderMarks()
    return decomposed
  }

  /// The canonical ordering of combining marks: by their class, and those of a class as they come.
  private mutating func orderMarks() {
    var start = 0
    while start < count {
      let end = self[start...].firstIndex { $0.combiningClass == 0 } ?? endIndex
      if end - start > 1 {
        let marks = self[start..<end].enumerated().sorted {
          ($0.element.combiningClass, $0.offset) < ($1.element.combiningClass, $1.offset)
        }
        replaceSubrange(start..<end, with: marks.map(\.element))
      }
      start = end + 1
    }
  }
}

extension Unicode.Scalar {
  fileprivate var combiningClass: UInt8 { isASCII ? 0 : properties.canonicalCombiningClass.rawValue }
}
