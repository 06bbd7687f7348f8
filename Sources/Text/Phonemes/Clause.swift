/// What is spoken between two marks.
struct Clause: Hashable {
  /// A run of words that are pronounced by rule, or sounds that are given.
  struct Part: Hashable {
    enum Content: Hashable {
      case words(String)
      case ipa(String)
    }

    let content: Content
    /// Whether white space parts it from what comes before in the clause.
    let isSpaced: Bool
  }

  var parts: [Part] = []
  /// The mark that ends the clause, if any: one of `. ! ? , ; :`.
  var mark: Character?
}

extension Clause {
  /// Splits runs at their clause marks; marks inside numbers and abbreviations part nothing.
  static func clauses(of runs: [SpokenRun], language: Language) -> [Clause] {
    var builder = ClauseBuilder()
    let lexer = TextLexer(language: language)
    for run in runs {
      switch run {
      case .ipa(let ipa): builder.append(ipa: ipa)
      case .text(let text): builder.append(text, lexer: lexer)
      }
    }
    return builder.finished()
  }
}

private struct ClauseBuilder {
  private var clauses: [Clause] = []
  private var clause = Clause()
  private var text = String.UnicodeScalarView()
  private var hasWords = false
  private var wordsAreSpaced = false
  private var isAfterSpace = false
  /// Whether the last thing was the full stop of an abbreviation, which at the very end ends all.
  private var isAfterStop = false

  mutating func append(ipa: String) {
    endWords()
    clause.parts.append(Clause.Part(content: .ipa(ipa), isSpaced: isAfterSpace))
    isAfterSpace = false
    isAfterStop = false
  }

  mutating func append(_ run: String, lexer: TextLexer) {
    let scalars = run.unicodeScalars
    var index = scalars.startIndex
    while let token = lexer.token(at: index, in: scalars) {
      switch token.kind {
      case .gap:
        text.append(" ")
        isAfterSpace = true
      case .mark(let sign, .sentence), .mark(let sign, .clause):
        endClause(with: mark(sign, endsSentence: token.endsSentence))
      case .mark(_, .joint):
        append(scalars[index..<token.end])
        isAfterStop = true
      case .scalar, .tag:
        append(scalars[index..<token.end])
        isAfterStop = false
      }
      index = token.end
    }
  }

  mutating func finished() -> [Clause] {
    endClause(with: isAfterStop ? "." : nil)
    return clauses
  }

  /// Voices know no ellipsis and no dash: one is a full stop or a comma, the other a semicolon.
  private func mark(_ sign: Punctuation.Sign, endsSentence: Bool) -> Character {
    switch sign {
    case .ellipsis: endsSentence ? "." : ","
    case .dash: ";"
    default: sign.rawValue
    }
  }

  private mutating func append(_ scalars: Substring.UnicodeScalarView) {
    text.append(contentsOf: scalars)
    // Brackets and quotation marks are not spoken: a space on their far side still parts the words.
    guard scalars.contains(where: \.isWordPart) else { return }
    if !hasWords { wordsAreSpaced = isAfterSpace }
    hasWords = true
    isAfterSpace = false
  }

  private mutating func endWords() {
    if hasWords {
      clause.parts.append(Clause.Part(content: .words(String(text).singleSpaced), isSpaced: wordsAreSpaced))
    }
    text = String.UnicodeScalarView()
    hasWords = false
  }

  private mutating func endClause(with mark: Character?) {
    endWords()
    if !clause.parts.isEmpty {
      clause.mark = mark
      clauses.append(clause)
    }
    clause = Clause()
    isAfterSpace = false
    isAfterStop = false
  }
}

extension TextLexer.Token {
  fileprivate var endsSentence: Bool {
    if case .mark(_, .sentence) = kind { true } else { false }
  }
}
