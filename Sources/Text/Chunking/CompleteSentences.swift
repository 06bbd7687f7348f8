extension SentenceChunker {
  /// How much of a text that is still being written can be spoken: up to the end of its last whole sentence.
  ///
  /// A sentence is whole when the next one has begun, since only then a full stop is told from an abbreviation's.
  ///
  /// - Returns: the end of the last whole sentence; `nil` when there is none yet.
  package func endOfCompleteSentences(in text: String) -> String.Index? {
    var text = text
    text.makeContiguousUTF8()
    var scanner = SentenceScanner(text: text, lexer: lexer)
    var end: String.Index?
    var before: TextPiece?
    while let piece = scanner.next(limit: .max) {
      if let before, before.boundary == .sentence || before.boundary == .paragraph {
        end = before.range.upperBound
      }
      before = piece
    }
    return end
  }
}
