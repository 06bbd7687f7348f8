import Chatterbox
import Service
import Text

/// What the names of OpenAI's clients mean here.
struct OpenAINames: Sendable {
  /// The name of a model's own voice.
  static let ownVoice = "default"

  let configuration: ServiceConfiguration.OpenAI
  let engine: ChatterboxEngine

  /// The model behind a name; `nil` leaves it to the engine, which then takes one that speaks the language.
  func model(_ name: String, language: String?) -> String? {
    guard let meant = configuration.models[name] else { return name }
    guard let language = language.flatMap({ Language(rawValue: $0.lowercased()) }),
      let model = ModelName(rawValue: meant), !model.languages.contains(language)
    else { return meant }
    return nil
  }

  /// The saved voice behind a name; `nil` is the model's own.
  ///
  /// - Throws: ``ChatterboxError`` for a name that means nothing: another voice is never taken for it.
  func voice(_ name: String) throws(ChatterboxError) -> (name: String?, warnings: [SpeechWarning]) {
    if name == Self.ownVoice { return (nil, []) }
    guard let meant = configuration.voices[name] else {
      let saved = engine.voices.names
      if saved.contains(name) { return (name, []) }
      let known = [Self.ownVoice] + saved + configuration.voices.keys.sorted()
      throw .unknown(.unknownVoice, "voice", name, among: known, field: "voice")
    }
    if meant != Self.ownVoice { return (meant, []) }
    let warning = SpeechWarning(
      code: "voice_mapped", message: "The voice '\(name)' is the model's own voice here.")
    return (nil, [warning])
  }

  /// The names of all voices.
  var voices: [String] {
    [Self.ownVoice] + engine.voices.names + configuration.voices.keys.sorted()
  }

  /// The names of all models that can speak.
  var models: [String] {
    engine.store.models.filter(\.installed).map(\.name) + configuration.models.keys.sorted()
  }
}
