public import Text

/// What to say and how: the one value that every transport builds.
///
/// Fields left `nil` come from the preset, then from the model's defaults.
/// The coding keys are the JSON names of the REST API.
public struct SpeechRequest: Codable, Hashable, Sendable {
  /// The text to speak, with inline tags such as `[pause 400ms]`.
  public var text: String
  /// ISO 639-1 code of one of the 23 languages. `nil` is English.
  public var language: String?
  /// A model's name: `standard`, `turbo`, `nano`, `multilingual`, `starter`, `espeak`, or a custom one's.
  public var model: String?
  /// A saved voice's name. `nil` is the model's own voice.
  public var voice: String?
  /// A preset's name, such as `language_learning`. `use_case` in JSON.
  public var preset: String?
  /// Emotion, 0–2. Ignored, with a warning, by models without it.
  public var exaggeration: Double?
  /// Classifier-free guidance weight, 0–1. Ignored, with a warning, by models without it.
  public var cfgWeight: Double?
  /// Pace, 0.5–2, pitch kept. 1 is the model's own.
  public var speed: Double?
  /// How freely speech tokens are drawn, 0–5; 0 always takes the likeliest.
  public var temperature: Double?
  /// The share of probability that tokens are drawn from, 0–1.
  public var topP: Double?
  /// The least probability of a token, as a share of the likeliest one's, 0–1.
  public var minP: Double?
  /// How many of the likeliest tokens are drawn from, 1–10,000.
  public var topK: Int?
  /// What the score of a token that has been said is divided by, 1–5.
  public var repetitionPenalty: Double?
  /// Steps from noise to mel, 1–50: fewer than the model's own are faster, and rougher.
  public var flowSteps: Int?
  /// Seconds of the voice's recording that the decoder hears, 1–10: fewer are faster, and less like the voice.
  public var promptSeconds: Double?
  /// Who goes first when several speak at once. `nil` is ``SpeechPriority/interactive``.
  public var priority: SpeechPriority?
  /// Makes the result reproducible. `nil` draws one.
  public var seed: UInt64?
  /// A tag spoken before the text by models that know it: `[clears throat]`.
  public var paralinguisticPrefix: String?
  /// Pronunciations for this request, before those of the configuration.
  public var lexicon: Lexicon?

  /// Creates a request; everything but the text is optional.
  public init(
    text: String, language: String? = nil, model: String? = nil, voice: String? = nil,
    preset: String? = nil, exaggeration: Double? = nil, cfgWeight: Double? = nil, speed: Double? = nil,
    temperature: Double? = nil, topP: Double? = nil, minP: Double? = nil, topK: Int? = nil,
    repetitionPenalty: Double? = nil, flowSteps: Int? = nil, promptSeconds: Double? = nil,
    priority: SpeechPriority? = nil, seed: UInt64? = nil, paralinguisticPrefix: String? = nil,
    lexicon: Lexicon? = nil
  ) {
    self.text = text
    self.language = language
    self.model = model
    self.voice = voice
    self.preset = preset
    self.exaggeration = exaggeration
    self.cfgWeight = cfgWeight
    self.speed = speed
    self.temperature = temperature
    self.topP = topP
    self.minP = minP
    self.topK = topK
    self.repetitionPenalty = repetitionPenalty
    self.flowSteps = flowSteps
    self.promptSeconds = promptSeconds
    self.priority = priority
    self.seed = seed
    self.paralinguisticPrefix = paralinguisticPrefix
    self.lexicon = lexicon
  }

  /// The request's field names in JSON.
  public enum CodingKeys: String, CodingKey, CaseIterable, Sendable {
    case text
    case language
    case model
    case voice
    case preset = "use_case"
    case exaggeration
    case cfgWeight = "cfg_weight"
    case speed
    case temperature
    case topP = "top_p"
    case minP = "min_p"
    case topK = "top_k"
    case repetitionPenalty = "repetition_penalty"
    case flowSteps = "flow_steps"
    case promptSeconds = "prompt_seconds"
    case priority
    case seed
    case paralinguisticPrefix = "paralinguistic_prefix"
    case lexicon
  }
}
