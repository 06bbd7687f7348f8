import Foundation
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
  /// Where cloned voices are kept.
  public let voices: VoiceStore
  /// The presets that requests can name, built-in and own, by name.
  public let presets: [Preset]

  private let resolver: RequestResolver
  private let models: [String: any SpeechModel]
  let watermarker: Watermarker?

  /// Finds the installed models. Weights are read when they are first needed, or by ``load()``.
  ///
  /// - Throws: ``ChatterboxError`` when a preset is invalid, the device is unknown, or a voice is damaged.
  public init(_ configuration: EngineConfiguration = .init()) throws {
    self.configuration = configuration
    store = ModelStore(directory: configuration.modelsDirectory)
    try configuration.presets.forEach { try $0.validate() }
    let devices: [String]
    do {
      devices = try Device.list(configuration.device).map(\.name)
    } catch {
      throw ChatterboxError(.invalidValue, error.description)
    }
    let presets = Dictionary(
      (Preset.builtIn + configuration.presets).map { ($0.name, $0) }, uniquingKeysWith: { _, own in own })
    self.presets = presets.values.sorted { $0.name < $1.name }

    voices = VoiceStore(
      directory: configuration.voicesDirectory.map { URL(filePath: $0) } ?? ModelStore.standardVoicesDirectory
    )
    watermarker = store.watermarkWeights.map {
      Watermarker(weights: $0, device: devices[0], threads: configuration.threads)
    }
    models = try Self.models(store, configuration, devices, watermarker)
    resolver = RequestResolver(
      configuration: configuration, presets: presets,
      installed: Set(models.keys.compactMap(ModelName.init)),
      custom: models.filter { ModelName(rawValue: $0.key) == nil }.mapValues(\.name), voices: voices)
  }

  private static func models(
    _ store: ModelStore, _ configuration: EngineConfiguration, _ devices: [String],
    _ watermarker: Watermarker?
  ) throws -> [String: any SpeechModel] {
    var models: [String: any SpeechModel] = [:]
    if let voice = store.starterVoice {
      models[ModelName.starter.rawValue] = try StarterModel(
        voice, device: devices[0], threads: configuration.threads)
    }
    if store.isInstalled(.espeak) { models[ModelName.espeak.rawValue] = EspeakModel() }
    for (name, folder) in store.checkpoints {
      models[name] = ChatterboxModel(
        folder, configuration, devices: devices, watermark: configuration.watermark ? watermarker : nil)
    }
    return models
  }

  /// Reads a model's weights now, so that the first request does not wait for them.
  ///
  /// - Parameter model: its name; one that is not installed is passed over.
  /// - Throws: ``ChatterboxError`` when they are damaged or do not fit the device.
  public func load(_ model: String = "starter") async throws {
    try await models[model]?.load()
  }

  /// Checks a request and returns its speech, which is made as it is read.
  ///
  /// - Throws: ``ChatterboxError`` that says which field is wrong and what was expected.
  ///
  /// - Parameters:
  ///   - request: what to say and how.
  ///   - voice: whose voice, if it is not one of ``voices`` that the request names.
  ///   - delivery: in pieces as early as can be, or with the least work.
  public func speak(
    _ request: SpeechRequest, voice: Voice? = nil, delivery: SpeechDelivery = .early
  ) throws(ChatterboxError) -> SpeechStream {
    let resolved = try resolver.resolve(request, voice: voice)
    guard let model = models[resolved.modelName] else {
      throw ChatterboxError(.modelNotInstalled, "The model '\(resolved.modelName)' is not installed.")
    }
    if let model = model as? ChatterboxModel {
      guard model.watermark != nil || !configuration.watermark else { throw .noWatermark }
      return SpeechStream(
        resolved, model: model, delivery: delivery, warnings: model.warnings(for: resolved.language))
    }
    return SpeechStream(resolved, model: model, delivery: delivery)
  }

  func chatterboxModel(_ name: String) throws(ChatterboxError) -> ChatterboxModel {
    if let model = models[name] as? ChatterboxModel { return model }
    guard let known = ModelName(rawValue: name) else {
      let names = ModelName.allCases.filter { $0.voiceFamily != nil }.map(\.rawValue)
      throw .unknown(.unknownModel, "model", name, among: names, field: "model")
    }
    if known.voiceFamily == nil { throw .noCloning(known) }
    throw ChatterboxError(
      .modelNotInstalled,
      "The model '\(name)' is not installed: fetch it with 'chatterbox models pull \(name)'.", field: "model")
  }

  /// The speech of a request, whole.
  ///
  /// - Throws: ``ChatterboxError``; `CancellationError` when the task was cancelled.
  public func generate(_ request: SpeechRequest) async throws -> Speech {
    try await Speech(collecting: speak(request, delivery: .whole))
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
