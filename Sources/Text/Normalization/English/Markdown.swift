/// Takes away what Markdown puts at the beginnings of lines: headings, bullets, quotation marks.
///
/// Headings and items of a list get a full stop, because their line break is a pause.
enum Markdown {
  static func strip(_ text: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(Line.init)
    return lines.indices.map { index in
      let endsBlock = index + 1 == lines.count || lines[index + 1].beginsBlock
      return lines[index].text(endsBlock: endsBlock)
    }
    .joined(separator: "\n")
  }
}

extension Markdown {
  /// A line by what it is, without the marks that say so.
  fileprivate enum Line {
    case plain(Substring)
    case heading(Substring)
    /// An item, with the number of a numbered one. It may go on in the next line.
    case item(number: String, Substring)
    /// A rule, the fence of a code block, or the line under a table's head.
    case decoration

    init(_ line: Substring) {
      guard let first = line.unicodeScalars.first, Self.openers.contains(first) else {
        self = .plain(line)
        return
      }
      let line = Self.withoutQuotation(line)
      self =
        Self.isDecoration(line) ? .decoration : Self.readHeading(line) ?? Self.readItem(line) ?? .plain(line)
    }

    /// Whether what stands in the line before ends there.
    var beginsBlock: Bool {
      if case .plain(let line) = self { line.isEmpty } else { true }
    }

    func text(endsBlock: Bool) -> String {
      switch self {
      case .plain(let line): String(line)
      case .heading(let title): Self.closed(title)
      case .item(let number, let item): number + (endsBlock ? Self.closed(item) : String(item))
      case .decoration: ""
      }
    }
  }
}

extension Markdown.Line {
  private static let openers: Set<Unicode.Scalar> = [
    "#", "-", "*", "+", "•", "‣", "◦", "▪", "●", "○", "·", ">", "`", "~", "=", "_", "|", "0", "1", "2",
    "3", "4", "5", "6", "7", "8", "9",
  ]

  private static let bullets: Set<Substring> = ["-", "*", "+", "•", "‣", "◦", "▪", "●", "○", "·"]

  private static func withoutQuotation(_ line: Substring) -> Substring {
    var line = line
    while line.hasPrefix("> ") || line.hasPrefix(">>") { line = line.dropFirst().drop { $0 == " " } }
    return line
  }

  private static func isDecoration(_ line: Substring) -> Bool {
    if line.hasPrefix("```") || line.hasPrefix("~~~") { return true }
    return line.utf8.count >= 3 && line.utf8.allSatisfy { "-*_=~|: ".utf8.contains($0) }
  }

  private static func readHeading(_ line: Substring) -> Self? {
    let mark = line.prefix { $0 == "#" }
    guard (1...6).contains(mark.utf8.count), line.dropFirst(mark.count).hasPrefix(" ") else { return nil }
    var title = line.dropFirst(mark.count + 1)
    while title.last == "#" || title.last == " " { title.removeLast() }
    return .heading(title)
  }

  /// `- item`, `* [x] item`, `1. item`, `1) item`
  private static func readItem(_ line: Substring) -> Self? {
    let mark = line.prefix { $0 != " " }
    let item = line.dropFirst(mark.count + 1)
    guard !item.isEmpty else { return nil }
    if bullets.contains(mark) { return .item(number: "", withoutCheckbox(item)) }
    let number = mark.dropLast()
    let isNumber =
      (1...3).contains(number.utf8.count) && number.utf8.allSatisfy { (0x30...0x39).contains($0) }
    return isNumber && ".)".contains(mark.suffix(1)) ? .item(number: number + ". ", item) : nil
  }

  private static func withoutCheckbox(_ item: Substring) -> Substring {
    for box in ["[ ] ", "[x] ", "[X] "] where item.hasPrefix(box) { return item.dropFirst(box.count) }
    return item
  }

  /// The text with a full stop, unless a mark ends it already.
  private static func closed(_ text: Substring) -> String {
    let last = text.last { !["*", "_", "`", "\"", "'", ")"].contains($0) }
    guard let last, last.isLetter || last.isNumber || last == "%" else { return String(text) }
    return text + "."
  }
}
