/// Splits English text into tokens.
struct EnglishTokenizer {
  private let scalars: String.UnicodeScalarView
  private var index: String.Index
  private var tokens: [EnglishToken] = []
  private var isInsideDoubleQuotes = false
  private var isInsideSingleQuotes = false

  static func tokens(of text: String) -> EnglishTokens {
    var tokenizer = EnglishTokenizer(text)
    while let token = tokenizer.next() { tokenizer.tokens.append(token) }
    return EnglishTokens(tokenizer.tokens)
  }

  private init(_ text: String) {
    scalars = text.unicodeScalars
    index = scalars.startIndex
  }

  private mutating func next() -> EnglishToken? {
    guard index < scalars.endIndex else { return nil }
    let scalar = scalars[index]
    if scalar.isLetterOrMark { return word() }
    if Self.isFigure(scalar) { return run(.digits, while: Self.isFigure) }
    if Self.isSpace(scalar) { return space() }
    if Superscripts.plain[scalar] != nil { return superscript() }
    scalars.formIndex(after: &index)
    return EnglishToken(kind: .symbol, text: symbol(scalar))
  }

  private static func isFigure(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

  private static func isSpace(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\n" }

  private mutating func run(_ kind: EnglishToken.Kind, while belongs: (Unicode.Scalar) -> Bool)
    -> EnglishToken
  {
    let start = index
    while index < scalars.endIndex, belongs(scalars[index]) { scalars.formIndex(after: &index) }
    return EnglishToken(kind: kind, text: String(scalars[start..<index]))
  }

  private mutating func word() -> EnglishToken {
    let start = index
    while index < scalars.endIndex {
      let scalar = scalars[index]
      guard scalar.isLetterOrMark || (scalar == "'" && isLetterNext(after: index)) else { break }
      scalars.formIndex(after: &index)
    }
    return EnglishToken(kind: .word, text: String(scalars[start..<index]))
  }

  private func isLetterNext(after index: String.Index) -> Bool {
    let next = scalars.index(after: index)
    return next < scalars.endIndex && scalars[next].isLetterOrMark
  }

  private mutating func space() -> EnglishToken {
    let space = run(.space, while: Self.isSpace)
    guard space.text.contains("\n") else { return EnglishToken(kind: .space, text: " ") }
    isInsideDoubleQuotes = false
    isInsideSingleQuotes = false
    return EnglishToken(kind: .space, text: space.text.utf8.count { $0 == 0x0A } > 1 ? "\n\n" : "\n")
  }

  private mutating func superscript() -> EnglishToken {
    var plain = ""
    while index < scalars.endIndex, let figure = Superscripts.plain[scalars[index]] {
      plain.unicodeScalars.append(figure)
      scalars.formIndex(after: &index)
    }
    return EnglishToken(kind: .superscript, text: plain)
  }

  /// The symbol, with quotation marks told from the marks for feet and inches: `5'11"`, `12'x10'`.
  private mutating func symbol(_ scalar: Unicode.Scalar) -> String {
    let followsFigure = tokens.last?.kind == .digits
    switch scalar {
    case "\"":
      if followsFigure && !isInsideDoubleQuotes { return "″" }
      isInsideDoubleQuotes.toggle()
    case "'":
      let isGlued = index < scalars.endIndex && scalars[index].isLetterOrMark && scalars[index] != "x"
      if followsFigure && !isGlued && !isInsideSingleQuotes { return "′" }
      isInsideSingleQuotes = tokens.last.map { $0.kind == .space } ?? true
    default:
      break
    }
    return String(scalar)
  }
}

/// The raised figures and signs.
enum Superscripts {
  static let plain: [Unicode.Scalar: Unicode.Scalar] = [
    "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8", "⁹": "9",
    "⁻": "-",
  ]
}
