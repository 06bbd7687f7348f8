/// Marks that stand together, with what closes after them: `?!`, `...`, `."`, `。」`.
struct MarkRun {
  /// What the run says as a whole.
  private(set) var sign: Punctuation.Sign
  /// The last mark of the run.
  private(set) var last: Punctuation
  private(set) var end: String.Index
  private(set) var length = 1
  /// Whether a quotation or a bracket closes with the run.
  private(set) var isClosed = false
  private let start: String.Index

  init(
    _ first: Punctuation, at start: String.Index, in scalars: String.UnicodeScalarView,
    language: Language, longest: Int
  ) {
    self.start = start
    sign = first.sign
    last = first
    end = scalars.index(after: start)
    while sign.endsSentence, length < longest, let scalar = scalars.scalar(at: end),
      let mark = Punctuation(scalar, in: language), mark.sign.endsSentence
    {
      add(mark)
      advance(in: scalars)
    }
    while length < longest, let scalar = scalars.scalar(at: end), last.isClosed(by: scalar) {
      isClosed = true
      advance(in: scalars)
    }
    if language == .french { closeGuillemet(in: scalars) }
  }

  /// Whether the run ends a clause or a sentence, and is not inside a number, a name or an address.
  func endsSomething(in scalars: String.UnicodeScalarView) -> Bool {
    guard let next = scalars.scalar(at: end), !next.isSpace else { return true }
    let previous = scalars.scalar(before: start)
    if Punctuation.joinsDigits(scalars[start]), previous?.isDigit == true, next.isDigit { return false }
    if last.standsAlone { return true }
    return next.isSpaceless && (sign != .stop || previous?.isSpaceless == true)
  }

  private mutating func add(_ mark: Punctuation) {
    switch (sign, mark.sign) {
    case (.stop, .stop), (.stop, .ellipsis): sign = .ellipsis
    case (.stop, _), (.ellipsis, .question), (.ellipsis, .exclamation): sign = mark.sign
    default: break
    }
    last = mark
  }

  private mutating func advance(in scalars: String.UnicodeScalarView) {
    scalars.formIndex(after: &end)
    length += 1
  }

  /// French puts a space before the closing mark: `« Non. »`.
  private mutating func closeGuillemet(in scalars: String.UnicodeScalarView) {
    let gap = scalars.gap(at: end)
    guard gap.lineBreaks == 0, scalars.scalar(at: gap.end) == "»" else { return }
    end = scalars.index(after: gap.end)
    length += 2
    isClosed = true
  }
}
