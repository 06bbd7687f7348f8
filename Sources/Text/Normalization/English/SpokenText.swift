/// The text that is spoken, as it grows: puts the spaces right around what the rules say.
struct SpokenText {
  /// White space that is owed before the next word.
  private enum Gap: Comparable {
    case none, space
    /// A short pause: a comma, unless the sentence ends or something else pauses already.
    case pause
    case line, paragraph
  }

  private(set) var text = ""
  private var gap = Gap.none
  private var last: Unicode.Scalar?
  private var lastWasSaid = false

  /// Adds a token as it was written.
  mutating func copy(_ token: EnglishToken) {
    switch token.kind {
    case .space:
      owe(token.text == " " ? .space : token.text == "\n" ? .line : .paragraph)
    case .symbol where Self.stops.contains(token.text):
      append(stop: token.text)
    case .word, .digits:
      if lastWasSaid && lastNeedsSpace { owe(.space) }
      append(token.text)
    case .symbol, .superscript, .edge:
      append(token.text)
    }
    if token.kind != .space { lastWasSaid = false }
  }

  /// Adds a rule's words, apart from the words around them.
  mutating func say(_ words: String) {
    if words == "," {
      owe(.pause)
    } else if Self.stops.contains(words) {
      append(stop: words)
    } else if !words.isEmpty {
      if lastNeedsSpace { owe(.space) }
      append(words)
    }
    lastWasSaid = true
  }

  private static let stops: Set<String> = [".", ",", "!", "?", ";", ":"]

  private var lastNeedsSpace: Bool {
    guard let last else { return false }
    return last.isLetterOrMark || last.isDigit || lastIsStop || last == ")" || last == "]"
  }

  private var lastIsStop: Bool {
    switch last {
    case ".", ",", "!", "?", ";", ":": true
    default: false
    }
  }

  private mutating func owe(_ gap: Gap) {
    self.gap = max(self.gap, gap)
  }

  /// A stop follows its word at once; where words between two were dropped, the first is enough.
  private mutating func append(stop: String) {
    let isApart = gap == .space || gap == .pause
    if isApart && lastIsStop { return }
    if isApart { gap = .none }
    append(stop)
  }

  private mutating func append(_ words: String) {
    if !text.isEmpty {
      switch gap {
      case .none: break
      case .space: text += " "
      case .pause: text += lastNeedsSpace && !lastIsStop ? ", " : " "
      case .line: text += "\n"
      case .paragraph: text += "\n\n"
      }
    }
    gap = .none
    text += words
    last = words.unicodeScalars.last
  }
}
