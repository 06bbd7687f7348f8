/// Somebody who listens to a recording, from its beginning. Letting go of it is leaving.
package final class RecordingReader: AsyncSequence, Sendable {
  package typealias Element = RecordedAudio

  package let recording: Recording

  init(_ recording: Recording) {
    self.recording = recording
  }

  deinit { recording.readerLeft() }

  /// The pieces from the first to the last.
  package func makeAsyncIterator() -> Iterator { Iterator(reader: self) }

  /// Waits for the whole of it.
  ///
  /// - Throws: what ended the making; `CancellationError`.
  package func summary() async throws -> RecordingSummary {
    defer { withExtendedLifetime(self) {} }
    return try await recording.summary()
  }

  /// A piece, once it is there; `nil` after the last.
  ///
  /// - Throws: what ended the making; `CancellationError`.
  package func piece(_ index: Int) async throws -> RecordedAudio? {
    defer { withExtendedLifetime(self) {} }
    return try await recording.piece(index)
  }

  /// Waits for the first piece, so that what goes wrong before it is still an answer of its own.
  ///
  /// - Throws: what ended the making; `CancellationError`.
  package func begin() async throws {
    defer { withExtendedLifetime(self) {} }
    _ = try await recording.piece(0)
  }

  package struct Iterator: AsyncIteratorProtocol {
    let reader: RecordingReader
    private var index = 0

    init(reader: RecordingReader) {
      self.reader = reader
    }

    package mutating func next() async throws -> RecordedAudio? {
      defer { index += 1 }
      return try await reader.recording.piece(index)
    }
  }
}
