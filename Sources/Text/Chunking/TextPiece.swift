/// A stretch of a text up to a place where it may be cut.
struct TextPiece {
  private(set) var range: Range<String.Index>
  /// In scalars, with every run of white space counted as one.
  private(set) var length = 0
  var boundary = TextChunk.Boundary.end
  /// Whether the next piece may be spoken in the same breath.
  var joinsNext = false

  init(at index: String.Index) {
    range = index..<index
  }

  /// Takes in a token that follows.
  mutating func append(_ token: TextLexer.Token) {
    range = range.lowerBound..<token.end
    length += token.length
  }

  /// Takes in the piece that follows.
  mutating func append(_ next: TextPiece) {
    range = range.lowerBound..<next.range.upperBound
    length += 1 + next.length
    boundary = next.boundary
    joinsNext = next.joinsNext
  }

  /// The piece up to an earlier index.
  func prefix(to end: String.Index, in scalars: String.UnicodeScalarView) -> TextPiece {
    var piece = self
    piece.range = range.lowerBound..<end
    piece.length = scalars.distance(from: range.lowerBound, to: end)
    return piece
  }

  /// The same piece, ended by a boundary.
  func ended(by boundary: TextChunk.Boundary, joinsNext: Bool = false) -> TextPiece {
    var piece = self
    piece.boundary = boundary
    piece.joinsNext = joinsNext
    return piece
  }
}
