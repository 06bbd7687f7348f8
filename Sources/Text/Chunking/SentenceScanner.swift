/// Walks through a text sentence by sentence, in one pass and constant memory.
struct SentenceScanner: Sendable {
  private let scalars: String.UnicodeScalarView
  private let lexer: TextLexer
  private var position: String.Index

  init(text: String, lexer: TextLexer) {
    scalars = text.unicodeScalars
    self.lexer = lexer
    position = scalars.startIndex
  }

  /// The next sentence, or as much of it as the limit allows; `nil` at the end of the text.
  ///
  /// Pieces without a letter or a digit, such as a row of stars, are passed over.
  mutating func next(limit: Int) -> TextPiece? {
    while let start = nextWord {
      let piece = piece(from: start, limit: limit)
      position = piece.range.upperBound
      if scalars[piece.range].contains(where: \.isWordPart) { return piece }
    }
    return nil
  }

  private var nextWord: String.Index? {
    let start = scalars.gap(at: position).end
    return start < scalars.endIndex ? start : nil
  }

  private func piece(from start: String.Index, limit: Int) -> TextPiece {
    var piece = TextPiece(at: start)
    var cuts = CutPoints()
    var isJoint = false
    while let token = lexer.token(at: piece.range.upperBound, in: scalars) {
      if case .gap(let gap) = token.kind {
        if let boundary = boundary(of: gap, after: piece) { return piece.ended(by: boundary) }
        if !isJoint, isCut(gap, after: piece) { cuts.space = piece }
      } else if piece.length > 0, piece.length + token.length > limit {
        return cuts.cut(piece, limit: limit, in: scalars)
      }
      piece.append(token)
      isJoint = false
      guard case .mark(_, let effect) = token.kind else { continue }
      switch effect {
      case .sentence: return sentence(piece)
      case .clause: cuts.clause = piece
      case .joint: isJoint = true
      }
    }
    return piece
  }

  private func boundary(of gap: Gap, after piece: TextPiece) -> TextChunk.Boundary? {
    LineEnd.boundary(of: gap, after: piece.range.upperBound, in: scalars, language: lexer.language)
  }

  private func sentence(_ piece: TextPiece) -> TextPiece {
    let gap = scalars.gap(at: piece.range.upperBound)
    return gap.endsParagraph ? piece.ended(by: .paragraph) : piece.ended(by: .sentence, joinsNext: true)
  }

  /// Whether white space may be cut: not inside `10 000`, nor before the mark of `Non !`.
  private func isCut(_ gap: Gap, after piece: TextPiece) -> Bool {
    guard let previous = scalars.scalar(before: piece.range.upperBound),
      let next = scalars.scalar(at: gap.end)
    else { return false }
    if previous.isDigit, next.isDigit { return false }
    if next.isWordPart { return true }
    // A quotation mark that opens in one language closes in another, but then a space follows it.
    let second = scalars.scalar(at: scalars.index(after: gap.end))
    return next.isOpening && second?.isSpace == false
  }
}
