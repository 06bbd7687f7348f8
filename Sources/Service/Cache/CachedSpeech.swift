package import Audio
package import Chatterbox
package import Foundation

/// An answer that may be given again.
package struct CachedSpeech: Sendable {
  package let info: SpeechInfo
  package let format: AudioFormat
  package let bytes: [UInt8]
  package let spans: [RecordedSpan]
  package let summary: RecordingSummary
  /// When it was made: its age does not depend on where it has been since.
  package let made: Date

  package init(
    info: SpeechInfo, format: AudioFormat, bytes: [UInt8], spans: [RecordedSpan], summary: RecordingSummary,
    made: Date = .now
  ) {
    self.info = info
    self.format = format
    self.bytes = bytes
    self.spans = spans
    self.summary = summary
    self.made = made
  }

  /// The answer as if it had just been made.
  var recording: Recording { Recording(info, format, bytes: bytes, spans: spans, summary: summary) }
}

/// Where answers are kept to be given again.
///
/// A driver finds by key, forgets what is too old, and never answers with bytes that are not those it was given.
package protocol SpeechCache: Sendable {
  /// The answer under a key; `nil` when there is none, or it is too old or damaged.
  func speech(for key: String) async -> CachedSpeech?
  /// Keeps an answer. What cannot be kept is not: a cache never fails a request.
  func keep(_ speech: CachedSpeech, for key: String) async
}
