package import Text

/// Text that arrives in pieces of any size, as a language model writes it, and leaves in whole sentences.
///
/// The first sentence leaves as soon as it is whole, so that speech begins early; later ones are gathered, so that
/// they are spoken in one breath.
package struct SentenceBuffer: Sendable {
  /// The least characters of the first piece, the second, and so on; the last counts for all that follow.
  private static let schedule = [1, 120, 160, 250, 290]
  /// A sentence that is longer is cut at a space.
  private static let longest = 1_000

  private let chunker: SentenceChunker
  private var pieceCount = 0
  /// What has arrived and not left.
  package private(set) var rest = ""

  package init(language: Language) {
    chunker = SentenceChunker(language: language)
  }

  /// Takes text in, and gives what can be spoken now, if anything.
  package mutating func append(_ text: String) -> String? {
    rest += text
    guard let end = completeEnd ?? longEnd else { return nil }
    return take(upTo: end)
  }

  /// Gives all that is there, whole sentence or not.
  package mutating func flush() -> String? {
    rest.isEmpty ? nil : take(upTo: rest.endIndex)
  }

  private var completeEnd: String.Index? {
    let least = Self.schedule[min(pieceCount, Self.schedule.count - 1)]
    guard rest.count >= least, let end = chunker.endOfCompleteSentences(in: rest) else { return nil }
    let piece = rest[..<end]
    // A tag is never cut, whatever stands in it.
    guard piece.count >= least, piece.count(where: { $0 == "[" }) == piece.count(where: { $0 == "]" }) else {
      return nil
    }
    return end
  }

  private var longEnd: String.Index? {
    guard rest.count > Self.longest else { return nil }
    let limit = rest.index(rest.startIndex, offsetBy: Self.longest)
    return rest[..<limit].lastIndex(where: \.isWhitespace) ?? limit
  }

  private mutating func take(upTo end: String.Index) -> String? {
    let piece = String(rest[..<end])
    // Space alone stays, and leaves with what follows: nothing of the text is lost.
    guard piece.contains(where: { !$0.isWhitespace }) else { return nil }
    rest = String(rest[end...])
    pieceCount += 1
    return piece
  }
}
