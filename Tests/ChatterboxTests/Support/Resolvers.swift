import Text

@testable import Chatterbox

extension RequestResolver {
  /// A resolver with the built-in presets on a machine that has these models.
  init(
    installed: Set<ModelName> = [.starter, .espeak],
    _ change: (inout EngineConfiguration) -> Void = { _ in }
  ) {
    var configuration = EngineConfiguration()
    change(&configuration)
    self.init(
      configuration: configuration,
      presets: Dictionary(uniqueKeysWithValues: Preset.builtIn.map { ($0.name, $0) }), installed: installed)
  }
}

extension ResolvedRequest {
  /// The codes of the warnings, in their order.
  var warningCodes: [String] { warnings.map(\.code) }

  /// A request that asks for nothing but a text.
  static func plain(_ text: String, language: String = "en", speed: Double = 1) throws -> ResolvedRequest {
    try RequestResolver().resolve(SpeechRequest(text: text, language: language, speed: speed, seed: 1))
  }
}
