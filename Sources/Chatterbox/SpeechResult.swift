/// Something the caller should know about speech that was made all the same.
public struct SpeechWarning: Codable, Hashable, Sendable {
  /// Stable across versions: `model_fallback`, `parameter_ignored`, `tag_ignored`, …
  public let code: String
  /// One sentence for a person.
  public let message: String

  /// Creates a warning.
  public init(code: String, message: String) {
    self.code = code
    self.message = message
  }
}

/// How the speech of one request is made, known before the first sample.
public struct SpeechInfo: Codable, Hashable, Sendable {
  /// The model that speaks: `starter`, `espeak`, …; not always the one asked for.
  public let model: String
  /// The language spoken, as an ISO 639-1 code.
  public let language: String
  /// The rate of the samples that come out, in Hz: 24,000.
  public let sampleRate: Int
  /// The rate that the model itself works at, in Hz.
  public let modelSampleRate: Int
  /// The seed that reproduces this speech.
  public let seed: UInt64
  /// What the caller should know.
  public let warnings: [SpeechWarning]

  package init(
    model: String, language: String, sampleRate: Int, modelSampleRate: Int, seed: UInt64,
    warnings: [SpeechWarning]
  ) {
    self.model = model
    self.language = language
    self.sampleRate = sampleRate
    self.modelSampleRate = modelSampleRate
    self.seed = seed
    self.warnings = warnings
  }
}

/// A piece of speech: mono, 24 kHz, in −1…1, checked.
public struct AudioChunk: Hashable, Sendable {
  /// Samples at 24 kHz.
  public let samples: [Float]
  /// The share of the text that has been spoken once this chunk has played, 0…1.
  public let progress: Double
  /// The number of the piece of text that it belongs to: who has all chunks before a piece can begin there again.
  package let piece: Int
}
