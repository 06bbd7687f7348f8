package import Chatterbox

/// Encoded audio and when it plays.
package struct RecordedAudio: Hashable, Sendable {
  package let bytes: [UInt8]
  package let span: RecordedSpan

  package init(bytes: [UInt8], span: RecordedSpan) {
    self.bytes = bytes
    self.span = span
  }

  /// This and what comes after it as one piece.
  func followed(by next: RecordedAudio) -> RecordedAudio {
    RecordedAudio(
      bytes: bytes + next.bytes,
      span: RecordedSpan(
        endOffset: next.span.endOffset, start: span.start, duration: span.duration + next.span.duration,
        progress: next.span.progress))
  }
}

/// When a piece of a recording plays, and where its bytes end.
package struct RecordedSpan: Codable, Hashable, Sendable {
  /// The bytes of the recording up to the end of this piece.
  package let endOffset: Int
  /// When the piece begins to play, in seconds from the beginning.
  package let start: Double
  /// How long it plays, in seconds.
  package let duration: Double
  /// The share of the text that has been spoken once it has played, 0…1.
  package let progress: Double
}

/// What is known of a recording once it is whole.
package struct RecordingSummary: Codable, Hashable, Sendable {
  package let byteCount: Int
  /// SHA-256 of all bytes as a file has them, in lower-case hexadecimal.
  package let sha256: String
  package let timings: SpeechTimings
}
