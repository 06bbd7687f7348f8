import Foundation
import Synchronization
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
  let watermarker: Watermarker?
  let shelf: ModelShelf
  private let devices: [String]
  /// What may change while the engine runs.
  private let rules: Mutex<RequestResolver>

  /// Finds the installed models. Weights are read when they are first needed, or by ``load(_:)``.
  ///
  /// - Throws: ``ChatterboxError`` when a preset is invalid, the device is unknown, or a voice is damaged.
  public init(_ configuration: EngineConfiguration = .init()) throws {
    self.configuration = configuration
    let store = ModelStore(directory: configuration.modelsDirectory)
    self.store = store
    try configuration.presets.forEach { try $0.validate() }
    let devices: [String]
    do {
      devices = try Device.list(configuration.device).map(\.name)
    } catch {
      throw ChatterboxError(.invalidValue, error.description)
    }
    self.devices = devices
    voices = VoiceStore(
      directory: configuration.voicesDirectory.map { URL(filePath: $0) } ?? ModelStore.standardVoicesDirectory
    )
    let watermarker = store.watermarkWeights.map {
      Watermarker(weights: $0, device: devices[0], threads: configuration.threads)
    }
    self.watermarker = watermarker
    let models = try Self.models(store, configuration, devices, watermarker)
    shelf = ModelShelf(models, mostBytes: configuration.mostLoadedBytes)
    rules = Mutex(
      RequestResolver(
        configuration: configuration, presets: Self.all(configuration.presets), models, voices: voices))
  }

  /// The presets that requests can name, built-in and own, by name.
  public var presets: [Preset] { rules.withLock { $0.presets.values.sorted { $0.name < $1.name } } }

  /// The built-in presets and others; one of the same name goes first.
  static func all(_ presets: [Preset]) -> [String: Preset] {
    Dictionary((Preset.builtIn + presets).map { ($0.name, $0) }, uniquingKeysWith: { _, own in own })
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
      models[name] = model(folder, configuration, devices, watermarker)
    }
    return models
  }

  private static func model(
    _ checkpoint: InstalledCheckpoint, _ configuration: EngineConfiguration, _ devices: [String],
    _ watermarker: Watermarker?
  ) -> ChatterboxModel {
    ChatterboxModel(
      checkpoint, configuration, devices: devices, watermark: configuration.watermark ? watermarker : nil)
  }

  /// The models as they are on the disk, not loaded.
  func build() throws -> [String: any SpeechModel] {
    try Self.models(store, configuration, devices, watermarker)
  }

  /// The model of a checkpoint, not loaded.
  func build(_ checkpoint: InstalledCheckpoint) -> ChatterboxModel {
    Self.model(checkpoint, configuration, devices, watermarker)
  }

  /// Changes the rules for requests to come.
  func change(_ change: (inout sending RequestResolver) -> Void) { rules.withLock { change(&$0) } }

  /// Lets requests know which models there are now.
  func rebuildResolver() {
    let models = Dictionary(
      shelf.names.compactMap { name in shelf.model(name).map { (name, $0) } }, uniquingKeysWith: { $1 })
    let voices = voices
    let configuration = configuration
    change { rules in
      rules = RequestResolver(configuration: configuration, presets: rules.presets, models, voices: voices)
    }
  }

  /// Reads a model's weights now, so that the first request does not wait for them.
  ///
  /// - Parameter model: its name; one that is not installed is passed over.
  /// - Throws: ``ChatterboxError`` when they are damaged or do not fit the device.
  public func load(_ model: String = "starter") async throws {
    guard let use = shelf.use(model) else { return }
    try await UsedModel(use: use).load()
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
    let resolver = rules.withLock(\.self)
    let resolved = try resolver.resolve(request, voice: voice)
    guard let use = shelf.use(resolved.modelName) else { throw notInstalled(resolved.modelName) }
    if let model = use.model as? ChatterboxModel {
      guard model.watermark != nil || !configuration.watermark else { throw .noWatermark }
      return SpeechStream(
        resolved, model: UsedModel(use: use), delivery: delivery,
        warnings: model.warnings(for: resolved.language))
    }
    return SpeechStream(resolved, model: UsedModel(use: use), delivery: delivery)
  }

  /// One of the Chatterbox models, in use as long as what is returned lives, with room to be loaded.
  func chatterboxModel(_ name: String) async throws -> (use: ModelUse, model: ChatterboxModel) {
    if let use = shelf.use(name), let model = use.model as? ChatterboxModel {
      try await use.makeRoom()
      return (use, model)
    }
    throw noChatterboxModel(name)
  }

  private func noChatterboxModel(_ name: String) -> ChatterboxError {
    guard let known = ModelName(rawValue: name) else {
      let names = ModelName.allCases.filter { $0.voiceFamily != nil }.map(\.rawValue)
      return .unknown(.unknownModel, "model", name, among: names, field: "model")
    }
    if known.voiceFamily == nil { return .noCloning(known) }
    return notInstalled(name)
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
