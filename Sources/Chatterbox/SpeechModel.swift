import Text

/// Something that turns a chunk of text into samples.
protocol SpeechModel: Sendable {
  /// The name that responses carry.
  var name: ModelName { get }
  /// The rate of its samples, in Hz.
  var sampleRate: Int { get }
  /// What marks its speech as made by a machine; `nil` for models that do not ask for it.
  var watermark: Watermarker? { get }
  /// What changes when the same request would be spoken differently: a version, or what the files were when the
  /// model was found.
  var identity: String { get }
  /// Loads the weights now, so that the first request does not wait for them.
  func load() async throws
  /// The bytes of its weights in memory; 0 when it is not loaded.
  var byteCount: Int { get async }
  /// About how many bytes of weights it will have, before it is loaded.
  var estimatedByteCount: Int { get }
  /// The same model, not loaded.
  var unloaded: any SpeechModel { get }
  /// How many voices are ready to speak.
  var cachedVoiceCount: Int { get async }
  /// Prepares a chunk. Its samples are made as they are asked for.
  func speak(_ chunk: ModelInput) async throws -> SampleSource
}

extension SpeechModel {
  var watermark: Watermarker? { nil }
  func load() async throws {}
  var byteCount: Int { 0 }
  var estimatedByteCount: Int { 0 }
  var unloaded: any SpeechModel { self }
  var cachedVoiceCount: Int { 0 }
}

/// What a model is given to speak at once: a sentence or a few.
struct ModelInput: Sendable {
  /// Text as written, without tags.
  let text: String
  let language: Language
  let lexicon: Lexicon
  /// Whose voice; `nil` is the model's own.
  var voice: Voice?
  var parameters = SpeechParameters()
  /// In what pieces its samples are wanted.
  var pieces = PieceSizes.whole
  var priority = SpeechPriority.interactive
  /// Reproduces this chunk's noise.
  let seed: UInt64
}

/// Samples made step by step, each step only when it is asked for: who stops asking stops the work.
struct SampleSource: Sendable {
  /// The next samples and what makes those after them, or `nil` at the end.
  let next: @Sendable () async throws -> (samples: [Float], rest: SampleSource)?

  static let empty = SampleSource { nil }

  init(_ next: @escaping @Sendable () async throws -> (samples: [Float], rest: SampleSource)?) {
    self.next = next
  }

  /// All samples at once.
  init(_ samples: [Float]) {
    self.init { (samples, .empty) }
  }

  /// These samples, then those of another source that is only made when it is needed.
  func followed(by later: @escaping @Sendable () async throws -> SampleSource) -> SampleSource {
    SampleSource {
      if let step = try await next() { return (step.samples, step.rest.followed(by: later)) }
      return try await later().next()
    }
  }
}
