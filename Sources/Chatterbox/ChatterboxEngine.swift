import Tensor
public import Text

/// Text in, natural speech out, on this machine.
///
/// ```swift
/// let engine = try ChatterboxEngine()
/// let speech = try await engine.generate("Hello, world!", preset: .languageLearning)
/// try speech.save(to: "out.wav")
/// ```
///
/// An engine is made once and shared: requests may come from any task at any time. They take turns on the
/// device step by step, so that a short request does not wait for a long one to end.
public final class ChatterboxEngine: Sendable {
  /// How the engine was set up.
  public let configuration: EngineConfiguration
  /// Where its models live.
  public let store: ModelStore
  /// The presets that requests can name, built-in and own, by name.
  public let presets: [Preset]

  private let resolver: RequestResolver
  private let models: [ModelName: any SpeechModel]

  /// Finds the installed models. Weights are read when they are first needed, or by ``load()``.
  ///
  /// - Throws: ``ChatterboxError`` when a preset is invalid, the device is unknown, or a voice is damaged.
  public init(_ configuration: EngineConfiguration = .init()) throws {
    self.configuration = configuration
    store = ModelStore(directory: configuration.modelsDirectory)
    try configuration.presets.forEach { try $0.validate() }
    do {
      _ = try Device.named(configuration.device)
    } catch {
      throw ChatterboxError(.invalidValue, error.description)
    }
    let presets = Dictionary(
      (Preset.builtIn + configuration.presets).map { ($0.name, $0) }, uniquingKeysWith: { _, own in own })
    self.presets = presets.values.sorted { $0.name < $1.name }

    var models: [ModelName: any SpeechModel] = [:]
    if let voice = store.starterVoice {
      models[.starter] = try StarterModel(
        voice, device: configuration.device, threads: configuration.threads)
    }
    if store.isInstalled(.espeak) { models[.espeak] = EspeakModel() }
    self.models = models
    resolver = RequestResolver(
      configuration: configuration, presets: presets, installed: Set(models.keys))
  }

  /// Reads the starter voice's weights now, so that the first request does not wait for them.
  ///
  /// - Throws: ``ChatterboxError`` when they are damaged or do not fit the device.
  public func load() async throws {
    try await (models[.starter] as? StarterModel)?.load()
  }

  /// Checks a request and returns its speech, which is made as it is read.
  ///
  /// - Throws: ``ChatterboxError`` that says which field is wrong and what was expected.
  public func speak(_ request: SpeechRequest) throws(ChatterboxError) -> SpeechStream {
    let resolved = try resolver.resolve(request)
    guard let model = models[resolved.model] else {
      throw ChatterboxError(.modelNotInstalled, "The model '\(resolved.model.rawValue)' is not installed.")
    }
    return SpeechStream(resolved, model: model)
  }

  /// The speech of a request, whole.
  ///
  /// - Throws: ``ChatterboxError``; `CancellationError` when the task was cancelled.
  public func generate(_ request: SpeechRequest) async throws -> Speech {
    try await Speech(collecting: speak(request))
  }

  /// The speech of a text, whole.
  ///
  /// - Parameters:
  ///   - text: what to say.
  ///   - preset: how to say it.
  ///   - language: in which of the 23 languages.
  /// - Throws: ``ChatterboxError``; `CancellationError` when the task was cancelled.
  public func generate(
    _ text: String, preset: Preset? = nil, language: Language = .english
  ) async throws -> Speech {
    try await generate(SpeechRequest(text: text, language: language.code, preset: preset?.name))
  }
}
