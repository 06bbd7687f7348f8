/// A run of English text of one kind: the unit that the rules read.
struct EnglishToken: Sendable {
  enum Kind: Sendable {
    /// Letters, with the apostrophes between them: `don't`.
    case word
    /// The figures 0–9.
    case digits
    /// A raised number without its raising: `2` for `²`, `-1` for `⁻¹`.
    case superscript
    /// White space: a blank, or one or two line breaks.
    case space
    /// One scalar that is none of these. `″` and `′` after a figure mean inches and feet.
    case symbol
    /// What lies before the first token and after the last.
    case edge
  }

  let kind: Kind
  let text: String

  static let edge = EnglishToken(kind: .edge, text: "")
}

/// The tokens of a text. Every index may be asked for; beyond the text lies the edge.
struct EnglishTokens: Sendable {
  private let tokens: [EnglishToken]

  init(_ tokens: [EnglishToken]) {
    self.tokens = tokens
  }

  var count: Int { tokens.count }

  subscript(index: Int) -> EnglishToken {
    index >= 0 && index < tokens.count ? tokens[index] : .edge
  }
}

/// Questions that rules ask about one place.
extension EnglishTokens {
  func isSymbol(_ symbol: String, at index: Int) -> Bool {
    let token = self[index]
    return token.kind == .symbol && token.text == symbol
  }

  func isSymbol(in symbols: Set<String>, at index: Int) -> Bool {
    let token = self[index]
    return token.kind == .symbol && symbols.contains(token.text)
  }

  /// Whether a blank stands at `index`; a line break is none.
  func isBlank(at index: Int) -> Bool {
    let token = self[index]
    return token.kind == .space && token.text == " "
  }

  /// White space, or the edge of the text.
  func isGap(at index: Int) -> Bool {
    let kind = self[index].kind
    return kind == .space || kind == .edge
  }

  func isWordOrDigits(at index: Int) -> Bool {
    let kind = self[index].kind
    return kind == .word || kind == .digits
  }

  func word(at index: Int) -> String? {
    self[index].kind == .word ? self[index].text : nil
  }

  func digits(at index: Int) -> String? {
    self[index].kind == .digits ? self[index].text : nil
  }

  /// The value of one or two figures at `index`, as in days, hours and minutes.
  func smallNumber(at index: Int) -> Int? {
    guard let digits = digits(at: index), digits.utf8.count <= 2 else { return nil }
    return Int(digits)
  }
}

/// Questions that rules ask about the neighbours of a place.
extension EnglishTokens {
  /// The index after a blank at `index`, or `index` itself.
  func skippingBlank(_ index: Int) -> Int {
    isBlank(at: index) ? index + 1 : index
  }

  /// The word that stands before `index`, across a blank.
  func wordBefore(_ index: Int) -> String? {
    isBlank(at: index - 1) ? word(at: index - 2) : nil
  }

  /// The word that stands after `index - 1`, across a blank.
  func wordAfterBlank(_ index: Int) -> String? {
    isBlank(at: index) ? word(at: index + 1) : nil
  }

  /// Whether nothing that could belong to the same expression is glued to the left of `index`.
  func startsExpression(at index: Int) -> Bool {
    let before = self[index - 1]
    switch before.kind {
    case .space, .edge: return true
    case .symbol: return ["(", "[", "{", "\"", "'", "—", "–", "=", "<", ">", "*", "|"].contains(before.text)
    case .word, .digits, .superscript: return false
    }
  }

  /// Whether a capital begins the word at `index`.
  func isCapitalised(at index: Int) -> Bool {
    word(at: index)?.isCapitalised ?? false
  }
}

extension String {
  /// Whether the first scalar is a capital.
  var isCapitalised: Bool {
    guard let first = unicodeScalars.first else { return false }
    return first.isASCII ? ("A"..."Z").contains(first) : first.properties.isUppercase
  }

  /// Whether the first scalar is a small letter.
  var isLowercased: Bool {
    guard let first = unicodeScalars.first else { return false }
    return first.isASCII ? ("a"..."z").contains(first) : first.properties.isLowercase
  }
}
