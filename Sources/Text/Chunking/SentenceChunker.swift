/// Cuts a text into chunks that a voice can speak one by one without a seam.
///
/// A chunk ends where a sentence does. Short sentences are spoken together; one that is longer than a
/// chunk may be is cut at a clause mark, else at a space, and inside a word only when it has neither.
/// Lengths are in Unicode scalars.
package struct SentenceChunker: Sendable {
  let lexer: TextLexer
  private let targetLength: Int
  private let maximumLength: Int

  /// Creates a chunker.
  /// - Parameters:
  ///   - language: Decides which marks and abbreviations count.
  ///   - targetLength: Sentences are joined up to this length.
  ///   - maximumLength: No chunk is longer.
  package init(language: Language, targetLength: Int = 200, maximumLength: Int = 400) {
    lexer = TextLexer(language: language)
    self.maximumLength = max(maximumLength, 1)
    self.targetLength = min(max(targetLength, 1), self.maximumLength)
  }

  /// The chunks of a text, made one at a time as they are asked for.
  package func chunks(of text: String) -> Chunks {
    var text = text
    text.makeContiguousUTF8()
    return Chunks(
      text: text, lexer: lexer, firstLength: max(targetLength, maximumLength / 2),
      targetLength: targetLength, maximumLength: maximumLength)
  }

  /// The chunks of one text. Takes linear time, and constant memory beside the text.
  package struct Chunks: Sequence, Sendable {
    let text: String
    let lexer: TextLexer
    /// The limit of the first chunk. The listener waits for it: one sentence, cut if it is a long one.
    let firstLength: Int
    let targetLength: Int
    let maximumLength: Int

    package func makeIterator() -> Iterator {
      Iterator(self)
    }
  }
}

extension SentenceChunker.Chunks {
  /// Joins what the scanner finds.
  package struct Iterator: IteratorProtocol, Sendable {
    private let chunks: SentenceChunker.Chunks
    private var scanner: SentenceScanner
    private var following: TextPiece?
    private var isFirst = true

    init(_ chunks: SentenceChunker.Chunks) {
      self.chunks = chunks
      scanner = SentenceScanner(text: chunks.text, lexer: chunks.lexer)
      following = scanner.next(limit: chunks.firstLength)
    }

    package mutating func next() -> TextChunk? {
      guard var piece = following else { return nil }
      following = scanner.next(limit: chunks.maximumLength)
      while !isFirst, piece.joinsNext, let next = following,
        piece.length + 1 + next.length <= chunks.targetLength
      {
        piece.append(next)
        following = scanner.next(limit: chunks.maximumLength)
      }
      isFirst = false
      return chunk(piece)
    }

    private func chunk(_ piece: TextPiece) -> TextChunk {
      guard following != nil else {
        return TextChunk(text: words(of: piece), boundary: .end, progress: 1)
      }
      let utf8 = chunks.text.utf8
      let spoken = utf8.distance(from: utf8.startIndex, to: piece.range.upperBound)
      return TextChunk(
        text: words(of: piece), boundary: piece.boundary, progress: Double(spoken) / Double(utf8.count))
    }

    private func words(of piece: TextPiece) -> String {
      chunks.text.unicodeScalars.singleLine(of: piece.range)
    }
  }
}
