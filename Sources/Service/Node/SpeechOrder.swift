package import Audio
package import Chatterbox

/// A request to a node: what to say, and how the answer is wanted.
package struct SpeechOrder: Sendable {
  package var request: SpeechRequest
  /// Whose voice, if it is not one that the request names.
  package var voice: Voice?
  /// The name of an uploaded recording whose voice it is, such as `hero_sample.wav`.
  package var voiceReference: String?
  package var format: AudioFormat
  package var delivery: SpeechDelivery
  /// Whose request it is: callers take turns.
  package var caller: String
  /// When nobody waits for a turn any more.
  package var deadline: ContinuousClock.Instant?
  /// Whether an answer that was made before will not do.
  package var isFresh = false

  package init(
    _ request: SpeechRequest, format: AudioFormat = .wav, delivery: SpeechDelivery = .early,
    caller: String = "local"
  ) {
    self.request = request
    self.format = format
    self.delivery = delivery
    self.caller = caller
  }
}

/// A node's answer: who speaks, and the audio as it is made.
package struct SpeechAnswer: Sendable {
  /// Whether the audio was there already.
  package enum Source: String, Sendable {
    /// It was made before.
    case hit
    /// It is being made for somebody else, too.
    case shared
    /// It is made for this request.
    case miss
  }

  package let source: Source
  /// The audio. Letting go of it ends the work, unless others listen.
  package let audio: RecordingReader

  /// Who speaks, and what the caller should know.
  package var info: SpeechInfo { audio.recording.info }
}
