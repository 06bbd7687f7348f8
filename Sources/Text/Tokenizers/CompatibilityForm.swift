import Foundation

extension Array where Element == Unicode.Scalar {
  /// Normalisation form NFKD, as Python's `unicodedata` has it.
  ///
  /// Foundation leaves a mark out of order that was no mark before it was decomposed: the half-width
  /// voicing mark of kana. Hence the ordering here; it is stable, so what is in order stays.
  func compatibilityDecomposed() -> [Unicode.Scalar] {
    if allSatisfy(\.isASCII) { return self }
    var scalars = Array(String(self).decomposedStringWithCompatibilityMapping.unicodeScalars)
    var start = 0
    while start < scalars.count {
      let end = scalars[start...].firstIndex { $0.combiningClass == 0 } ?? scalars.endIndex
      if end - start > 1 {
        let ordered = scalars[start..<end].enumerated().sorted {
          ($0.element.combiningClass, $0.offset) < ($1.element.combiningClass, $1.offset)
        }
        scalars.replaceSubrange(start..<end, with: ordered.map(\.element))
      }
      start = end + 1
    }
    return scalars
  }
}

extension Unicode.Scalar {
  fileprivate var combiningClass: UInt8 { isASCII ? 0 : properties.canonicalCombiningClass.rawValue }
}
