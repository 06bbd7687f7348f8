/// Reads a text as what matters for cutting it: marks, white space, tags, and all the rest.
struct TextLexer: Sendable {
  /// One step through the text.
  struct Token {
    let kind: Kind
    let end: String.Index
    /// In scalars; white space counts as one however long it is.
    let length: Int
  }

  enum Kind {
    /// Part of a word, of a number, of an address, or a symbol.
    case scalar
    /// `[laugh]` or anything else short in square brackets, never to be cut.
    case tag
    /// White space.
    case gap(Gap)
    /// A mark, with the further marks, quotation marks and brackets that close with it.
    case mark(Punctuation.Sign, Effect)
  }

  enum Effect {
    /// Ends a sentence.
    case sentence
    /// Ends a clause.
    case clause
    /// Ends nothing: the full stop of an abbreviation, which stays with the word after it.
    case joint
  }

  let language: Language
  private let fullStop: FullStop

  private static let longestTag = 40
  private static let longestRun = 16

  init(language: Language) {
    self.language = language
    fullStop = FullStop(language: language)
  }

  /// The token that begins at an index, or `nil` at the end of the text.
  func token(at index: String.Index, in scalars: String.UnicodeScalarView) -> Token? {
    guard let scalar = scalars.scalar(at: index) else { return nil }
    let next = scalars.index(after: index)
    if scalar.isSpace, !scalar.isNoBreakSpace {
      let gap = scalars.gap(at: index)
      return Token(kind: .gap(gap), end: gap.end, length: 1)
    }
    if scalar == "[", let tag = tag(at: index, in: scalars) { return tag }
    if let punctuation = Punctuation(scalar, in: language) {
      return mark(punctuation, at: index, in: scalars)
    }
    return Token(kind: .scalar, end: next, length: 1)
  }

  private func tag(at index: String.Index, in scalars: String.UnicodeScalarView) -> Token? {
    var end = scalars.index(after: index)
    for length in 2...Self.longestTag {
      guard let scalar = scalars.scalar(at: end), scalar != "[", !scalar.isLineBreak else { return nil }
      scalars.formIndex(after: &end)
      if scalar == "]" { return Token(kind: .tag, end: end, length: length) }
    }
    return nil
  }

  private func mark(
    _ punctuation: Punctuation, at index: String.Index, in scalars: String.UnicodeScalarView
  ) -> Token {
    let run = MarkRun(
      punctuation, at: index, in: scalars, language: language, longest: Self.longestRun)
    guard run.endsSomething(in: scalars) else {
      return Token(kind: .scalar, end: run.end, length: run.length)
    }
    let effect = run.sign.endsSentence ? sentenceEffect(of: run, at: index, in: scalars) : .clause
    return Token(kind: .mark(run.sign, effect), end: run.end, length: run.length)
  }

  private func sentenceEffect(
    of run: MarkRun, at index: String.Index, in scalars: String.UnicodeScalarView
  ) -> Effect {
    let next = nextWord(from: run.end, in: scalars)
    if run.sign == .stop, !run.last.standsAlone {
      return fullStop.endsSentence(at: index, in: scalars, before: next) ? .sentence : .joint
    }
    // "Stop!" he said. 「はい」と…: the quotation ends, the sentence does not.
    let goesOn = next?.properties.isLowercase == true || next == "と"
    return goesOn && (run.isClosed || run.sign == .ellipsis) ? .clause : .sentence
  }

  /// The first scalar of what follows, past white space and opening marks.
  private func nextWord(
    from index: String.Index, in scalars: String.UnicodeScalarView
  ) -> Unicode.Scalar? {
    var position = scalars.gap(at: index).end
    for _ in 0..<Self.longestRun {
      guard let scalar = scalars.scalar(at: position), scalar.isOpening else { break }
      scalars.formIndex(after: &position)
    }
    return scalars.scalar(at: position)
  }
}
