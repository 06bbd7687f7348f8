/// A number as it is written: `1,234.5`, `007`, `.5`.
struct Numeral: Sendable {
  /// The figures before the point, without separators; empty in `.5`.
  let whole: String
  /// The figures after the point.
  let decimals: String?
  /// Whether commas part the thousands.
  let isGrouped: Bool
  /// The index after the number.
  let end: Int

  /// Longer numbers without separators are rather keys than counts.
  private static let longestCount = 15

  /// Reads the number that begins at `index`.
  init?(in tokens: EnglishTokens, at index: Int) {
    var end = index
    var whole = ""
    var isGrouped = false
    if let figures = tokens.digits(at: index) {
      whole = figures
      end += 1
      let mayBeGrouped = figures.utf8.count <= 3 && figures.first != "0"
      while mayBeGrouped, tokens.isSymbol(",", at: end), let group = tokens.digits(at: end + 1),
        group.utf8.count == 3
      {
        whole += group
        isGrouped = true
        end += 2
      }
    } else if !tokens.isSymbol(".", at: index) {
      return nil
    }
    decimals = Self.decimals(in: tokens, at: end)
    if decimals != nil { end += 2 }
    guard end > index else { return nil }
    self.whole = whole
    self.isGrouped = isGrouped
    self.end = end
  }

  private static func decimals(in tokens: EnglishTokens, at point: Int) -> String? {
    guard tokens.isSymbol(".", at: point), let figures = tokens.digits(at: point + 1) else { return nil }
    let isChain = tokens.isSymbol(".", at: point + 2) && tokens.digits(at: point + 3) != nil
    return isChain ? nil : figures
  }

  /// The value of a whole number that has at most nine figures.
  var value: Int? {
    decimals == nil && whole.utf8.count <= 9 ? Int(whole) : nil
  }

  /// Whether a noun after it is singular: `1 km`.
  var isOne: Bool { decimals == nil && whole == "1" }

  /// Whether it is plain figures, without separators and decimals.
  var isPlain: Bool { decimals == nil && !isGrouped }

  var words: String {
    guard let decimals else { return wholeWords }
    let point = "point " + NumberWords.digits(decimals)
    return whole.isEmpty ? point : wholeWords + " " + point
  }

  private var wholeWords: String {
    let isPadded = whole.utf8.count > 1 && whole.first == "0"
    let isKey = !isGrouped && whole.utf8.count > Self.longestCount && !isRound
    return isPadded || isKey ? NumberWords.digits(whole) : NumberWords.cardinal(whole)
  }

  /// Whether only the first three figures are not zero, as in a million millions.
  private var isRound: Bool { whole.utf8.dropFirst(3).allSatisfy { $0 == UInt8(ascii: "0") } }
}
