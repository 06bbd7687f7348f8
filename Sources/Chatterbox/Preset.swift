/// A named set of parameters for a use case.
///
/// Source: the product document's preset schema (Appendix B).
public struct Preset: Codable, Hashable, Sendable {
  /// The name a request uses, such as `language_learning`.
  public var name: String
  /// `standard`, `turbo` or `multilingual`.
  public var model: String
  /// Emotion, 0–2.
  public var exaggeration: Double?
  /// Classifier-free guidance weight, 0–1.
  public var cfgWeight: Double?
  /// Pace, 0.5–2.
  public var speed: Double?
  /// A tag spoken before the text: `[clears throat]`.
  public var paralinguisticPrefix: String?
  /// What the preset is for.
  public var description: String?

  /// Creates a preset. ``validate()`` checks it against the schema.
  public init(
    name: String, model: String, exaggeration: Double? = nil, cfgWeight: Double? = nil,
    speed: Double? = nil, paralinguisticPrefix: String? = nil, description: String? = nil
  ) {
    self.name = name
    self.model = model
    self.exaggeration = exaggeration
    self.cfgWeight = cfgWeight
    self.speed = speed
    self.paralinguisticPrefix = paralinguisticPrefix
    self.description = description
  }

  /// The schema's field names.
  public enum CodingKeys: String, CodingKey, CaseIterable, Sendable {
    case name
    case model
    case exaggeration
    case cfgWeight = "cfg_weight"
    case speed
    case paralinguisticPrefix = "paralinguistic_prefix"
    case description
  }
}

extension Preset {
  /// Clear, slow sentences for learners.
  public static let languageLearning = Preset(
    name: "language_learning", model: "standard", exaggeration: 0.8, speed: 0.9,
    description: "Language learning: clear pronunciation at an easy pace")
  /// Natural announcements for airports, hotels and shops.
  public static let announcement = Preset(
    name: "announcement", model: "multilingual", exaggeration: 0.5, cfgWeight: 0.5, speed: 1.0,
    description: "Public announcements: natural and calm")
  /// Urgent alerts.
  public static let emergencyAlert = Preset(
    name: "emergency_alert", model: "turbo", exaggeration: 1.3, speed: 1.1,
    paralinguisticPrefix: "[clears throat]", description: "Emergency alerts: urgent, at once")
  /// Long narration with feeling.
  public static let narration = Preset(
    name: "narration", model: "standard", exaggeration: 0.7, cfgWeight: 0.4, speed: 0.95,
    description: "Narration: expressive long-form reading")
  /// Game and film characters.
  public static let character = Preset(
    name: "character", model: "standard", exaggeration: 1.2, cfgWeight: 0.6, speed: 1.0,
    description: "Characters: strong personality")

  /// The five presets that every installation has.
  public static let builtIn: [Preset] = [
    .languageLearning, .announcement, .emergencyAlert, .narration, .character,
  ]
}
