/// A piece of text that is spoken in one go, cut where a speaker would breathe.
package struct TextChunk: Hashable, Sendable {
  /// The words: trimmed, in one line, with at least one letter or digit.
  package let text: String
  /// What ends the chunk.
  package let boundary: Boundary
  /// The share of the whole text that ends with this chunk, 0…1; 1 for the last.
  package let progress: Double

  /// The place between two chunks.
  package enum Boundary: Hashable, Sendable, CaseIterable {
    /// Between words, or inside one longer than a chunk may be; only where nothing better was near.
    case word
    /// A comma, a colon, a dash.
    case clause
    /// A full stop or its like, a heading, an item of a list.
    case sentence
    /// A blank line.
    case paragraph
    /// The end of the text.
    case end

    /// The silence that belongs here, in seconds.
    package var pause: Double {
      switch self {
      case .word, .end: 0
      case .clause: 0.12
      case .sentence: 0.3
      case .paragraph: 0.6
      }
    }
  }
}
