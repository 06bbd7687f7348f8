import Tensor

// Models that come and go while the engine runs.
extension ChatterboxEngine {
  /// What is known of each model that is installed.
  package var modelStates: [ModelState] {
    get async { await shelf.states() }
  }

  /// Gives a model's memory back as soon as nobody uses it. The next request loads it again.
  ///
  /// - Throws: ``ChatterboxError`` when it is not installed.
  package func unload(_ name: String) throws(ChatterboxError) {
    guard shelf.unload(name) else { throw notInstalled(name) }
  }

  /// Unloads what nobody has used for a time.
  package func unloadIdle(after time: Duration) async { await shelf.unloadIdle(after: time) }

  /// Takes over models that were installed, removed or updated since. Requests in flight keep what they have.
  ///
  /// - Throws: ``ChatterboxError`` when a voice is damaged; nothing has changed then.
  package func refresh() throws {
    shelf.replace(with: try build())
    rebuildResolver()
  }

  /// Lets a model speak with another of its versions.
  ///
  /// The version is loaded before it takes over, so that no request waits for it; one that cannot be loaded
  /// changes nothing.
  ///
  /// - Throws: ``ModelStoreError``; ``ChatterboxError``; `CancellationError`.
  package func activate(_ name: String, version: String) async throws {
    let checkpoint = try store.checkpoint(of: name, version: version)
    let speaks = (shelf.model(name) as? ChatterboxModel)?.version
    let model = speaks == checkpoint.version ? nil : build(checkpoint)
    try await model?.load()
    _ = try await store.use(name, version: checkpoint.version ?? version)
    guard let model else { return }
    shelf.put(model, as: name)
    rebuildResolver()
  }

  /// Puts other presets in the place of those of the configuration.
  ///
  /// - Throws: ``ChatterboxError`` when one is not valid; nothing has changed then.
  package func setPresets(_ presets: [Preset]) throws(ChatterboxError) {
    for preset in presets { try preset.validate() }
    change { $0.presets = Self.all(presets) }
  }

  /// The model that a request names itself, or by its preset; `nil` when it leaves the choice to the engine.
  package func model(of request: SpeechRequest) -> ModelName? {
    let preset = request.preset.flatMap { name in presets.first { $0.name == name } }
    return (request.model ?? preset?.model).flatMap { shelf.model($0)?.name }
  }

  func notInstalled(_ name: String) -> ChatterboxError {
    let known = shelf.names
    guard let model = ModelName(rawValue: name) else {
      return .unknown(.unknownModel, "model", name, among: known, field: "model")
    }
    return ChatterboxError(
      .modelNotInstalled,
      "The model '\(model.rawValue)' is not installed: fetch it with 'chatterbox models pull \(model.rawValue)'.",
      field: "model")
  }
}
