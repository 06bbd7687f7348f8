/// Takes away what Markdown puts at the beginnings of lines: headings, bullets, quotation marks.
///
/// Headings and items of a list get a full stop, because their line break is a pause.
enum Markdown {
  static func strip(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { strip(line: $0) }
      .joined(separator: "\n")
  }

  private static func strip(line: Substring) -> String {
    guard let first = line.unicodeScalars.first, openers.contains(first) else { return String(line) }
    if isDecoration(line) { return "" }
    let unquoted = line.drop { $0 == ">" || $0 == " " }
    if let item = content(of: unquoted) { return closed(item) }
    return numbered(unquoted) ?? String(unquoted)
  }

  private static let openers: Set<Unicode.Scalar> = [
    "#", "-", "*", "+", "•", "‣", "◦", "▪", "●", "○", "·", ">", "`", "~", "=", "_", "|", "0", "1", "2",
    "3", "4", "5", "6", "7", "8", "9",
  ]

  /// A rule, the fence of a code block, or the line under a table's head.
  private static func isDecoration(_ line: Substring) -> Bool {
    if line.hasPrefix("```") || line.hasPrefix("~~~") { return true }
    return line.utf8.count >= 3 && line.utf8.allSatisfy { "-*_=~|: ".utf8.contains($0) }
  }

  /// What follows the mark of a heading or a list's item; `nil` where there is no such mark.
  private static func content(of line: Substring) -> Substring? {
    let mark = line.prefix { $0 != " " }
    let rest = line.dropFirst(mark.count).drop { $0 == " " }
    guard !mark.isEmpty, !rest.isEmpty else { return nil }
    if mark.utf8.count <= 6, mark.utf8.allSatisfy({ $0 == UInt8(ascii: "#") }) {
      return trimmed(rest, of: "#")
    }
    if bullets.contains(mark) { return withoutCheckbox(rest) }
    return nil
  }

  private static let bullets: Set<Substring> = ["-", "*", "+", "•", "‣", "◦", "▪", "●", "○", "·"]

  /// `1) item` becomes `1. item`.
  private static func numbered(_ line: Substring) -> String? {
    let number = line.prefix { $0.isNumber }
    let rest = line.dropFirst(number.count)
    guard number.utf8.count <= 3, rest.hasPrefix(") ") || rest.hasPrefix(". ") else { return nil }
    return number + "." + closed(rest.dropFirst())
  }

  private static func withoutCheckbox(_ item: Substring) -> Substring {
    for box in ["[ ] ", "[x] ", "[X] "] where item.hasPrefix(box) { return item.dropFirst(box.count) }
    return item
  }

  private static func trimmed(_ text: Substring, of character: Character) -> Substring {
    var text = text
    while text.last == character || text.last == " " { text.removeLast() }
    return text
  }

  private static func closed(_ item: Substring) -> String {
    let bare = item.reversed().first { !["*", "_", "`", "\"", "'", ")"].contains($0) }
    guard let bare, bare.isLetter || bare.isNumber || bare == "%" else { return String(item) }
    return item + "."
  }
}
