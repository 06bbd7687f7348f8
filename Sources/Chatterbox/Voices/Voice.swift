/// How someone sounds: what the Chatterbox networks need to speak in a voice. Up to ten seconds of the recording
/// can be heard again from its mel frames.
///
/// Made from a few seconds of audio by ``ChatterboxEngine/cloneVoice(from:for:name:)``, kept as a `.voice`
/// file, or read from an official checkpoint's `conds.pt`.
public struct Voice: Hashable, Sendable {
  /// Which models a voice is for: they want prompts of different length and loudness.
  public enum Family: String, Codable, CaseIterable, Sendable {
    /// `standard` and `multilingual`.
    case standard
    /// `turbo` and `nano`.
    case turbo
  }

  /// What the vocoder side (S3Gen) continues from.
  package struct Prompt: Hashable, Sendable {
    /// Speech tokens, 25 a second.
    package var tokens: [Int32]
    /// Mel frames, 50 a second, as rows of 80.
    package var melFrames: [Float]
    /// CAMPPlus's x-vector: 192 numbers.
    package var speakerEmbedding: [Float]

    package init(tokens: [Int32], melFrames: [Float], speakerEmbedding: [Float]) {
      self.tokens = tokens
      self.melFrames = melFrames
      self.speakerEmbedding = speakerEmbedding
    }
  }

  /// What it is called; no path.
  public var name: String
  /// Which models it is for.
  public let family: Family
  /// VoiceEncoder's embedding: 256 numbers of length 1.
  package let speakerEmbedding: [Float]
  /// Speech tokens that T3 is conditioned on.
  package let speechTokens: [Int32]
  package let prompt: Prompt

  package init(
    name: String, family: Family, speakerEmbedding: [Float], speechTokens: [Int32], prompt: Prompt
  ) {
    self.name = name
    self.family = family
    self.speakerEmbedding = speakerEmbedding
    self.speechTokens = speechTokens
    self.prompt = prompt
  }
}

extension ModelName {
  /// The voices that a model speaks with; `nil` for models that have one of their own.
  package var voiceFamily: Voice.Family? {
    switch self {
    case .standard, .multilingual: .standard
    case .turbo, .nano: .turbo
    case .starter, .espeak: nil
    }
  }
}
