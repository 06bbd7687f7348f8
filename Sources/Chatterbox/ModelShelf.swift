import Synchronization

/// The models of an engine: which there are, who uses them, and which are loaded.
///
/// A request keeps the model that it began with. A model that is replaced meanwhile lives on until its last
/// request has ended; then its memory goes.
final class ModelShelf: Sendable {
  private struct Entry {
    let model: any SpeechModel
    /// Tells this model from the one before and after it under the same name.
    let number: Int
    var inFlight = 0
    var lastUsed: ContinuousClock.Instant?

    /// Whether nobody has used it since a time. One that was loaded and never used is idle.
    func isIdle(since limit: ContinuousClock.Instant) -> Bool {
      inFlight == 0 && lastUsed.map { $0 <= limit } ?? true
    }
  }

  private let state: Mutex<(entries: [String: Entry], nextNumber: Int)>
  /// The most bytes of weights at a time; 0 is no bound.
  private let mostBytes: Int

  init(_ models: [String: any SpeechModel], mostBytes: Int) {
    var number = 0
    let entries = models.mapValues { model in
      number += 1
      return Entry(model: model, number: number)
    }
    state = Mutex((entries, number))
    self.mostBytes = mostBytes
  }

  /// The names of all models.
  var names: [String] { state.withLock { $0.entries.keys.sorted() } }

  /// A model, without using it.
  func model(_ name: String) -> (any SpeechModel)? { state.withLock { $0.entries[name]?.model } }

  /// A model for a request, which keeps it.
  func use(_ name: String) -> ModelUse? {
    state.withLock { state in
      guard let entry = state.entries[name] else { return nil }
      state.entries[name]?.inFlight += 1
      state.entries[name]?.lastUsed = .now
      return ModelUse(name: name, number: entry.number, model: entry.model, shelf: self)
    }
  }

  fileprivate func ended(_ use: ModelUse) {
    state.withLock { state in
      guard state.entries[use.name]?.number == use.number else { return }
      state.entries[use.name]?.inFlight -= 1
      state.entries[use.name]?.lastUsed = .now
    }
  }

  /// Puts a model in the place of the one of its name.
  func put(_ model: any SpeechModel, as name: String) {
    state.withLock { state in
      state.nextNumber += 1
      let lastUsed = state.entries[name]?.lastUsed
      state.entries[name] = Entry(model: model, number: state.nextNumber, lastUsed: lastUsed)
    }
  }

  /// Takes over what is on the disk now. What has not changed stays as it is, loaded or not.
  func replace(with models: [String: any SpeechModel]) {
    for name in names where models[name] == nil {
      state.withLock { _ = $0.entries.removeValue(forKey: name) }
    }
    for (name, model) in models where self.model(name)?.identity != model.identity { put(model, as: name) }
  }

  /// Gives a model's memory back as soon as nobody uses it. The next request loads it again.
  ///
  /// - Returns: whether there is such a model.
  @discardableResult
  func unload(_ name: String) -> Bool {
    guard let model = model(name) else { return false }
    put(model.unloaded, as: name)
    return true
  }

  /// Unloads what nobody has used for a time.
  func unloadIdle(after time: Duration) async {
    let limit = ContinuousClock.now - time
    for (name, _, _) in await idle()
    where state.withLock({ $0.entries[name]?.isIdle(since: limit) ?? false }) {
      unload(name)
    }
  }

  /// Makes room for a model that is about to be loaded.
  ///
  /// - Throws: ``ChatterboxError`` when it alone is larger than the bound.
  func makeRoom(for use: ModelUse) async throws {
    guard mostBytes > 0, await use.model.byteCount == 0 else { return }
    let needed = use.model.estimatedByteCount
    guard needed <= mostBytes else { throw ChatterboxError.tooLarge(use.name, bound: mostBytes) }
    var total = 0
    for name in names where name != use.name { total += await model(name)?.byteCount ?? 0 }
    for (name, bytes, _) in await idle() where name != use.name && total + needed > mostBytes {
      unload(name)
      total -= bytes
    }
  }

  /// Loaded models that nobody uses, the one used longest ago first.
  private func idle() async -> [(name: String, bytes: Int, lastUsed: ContinuousClock.Instant?)] {
    let entries = state.withLock { $0.entries.filter { $0.value.inFlight == 0 } }
    var idle: [(String, Int, ContinuousClock.Instant?)] = []
    for (name, entry) in entries {
      let bytes = await entry.model.byteCount
      if bytes > 0 { idle.append((name, bytes, entry.lastUsed)) }
    }
    let never = ContinuousClock.now - .seconds(86_400 * 365)
    return idle.sorted { ($0.2 ?? never, $0.0) < ($1.2 ?? never, $1.0) }
  }

  /// What is known of each model.
  func states() async -> [ModelState] {
    let entries = state.withLock(\.entries)
    var states: [ModelState] = []
    for (name, entry) in entries.sorted(by: { $0.key < $1.key }) {
      states.append(
        ModelState(
          name: name, kind: entry.model.name.rawValue, loadedBytes: await entry.model.byteCount,
          inFlight: entry.inFlight,
          idleSeconds: entry.lastUsed.map { $0.duration(to: .now) / .seconds(1) },
          cachedVoices: await entry.model.cachedVoiceCount))
    }
    return states
  }
}

/// A model in the hands of a request, until this is let go.
final class ModelUse: Sendable {
  let name: String
  let number: Int
  let model: any SpeechModel
  private let shelf: ModelShelf

  fileprivate init(name: String, number: Int, model: any SpeechModel, shelf: ModelShelf) {
    (self.name, self.number, self.model, self.shelf) = (name, number, model, shelf)
  }

  deinit { shelf.ended(self) }

  func makeRoom() async throws { try await shelf.makeRoom(for: self) }
}

/// A model that a request uses: as the model itself, but it makes room before it is loaded.
struct UsedModel: SpeechModel {
  let use: ModelUse

  var name: ModelName { use.model.name }
  var sampleRate: Int { use.model.sampleRate }
  var watermark: Watermarker? { use.model.watermark }
  var identity: String { use.model.identity }
  func load() async throws {
    try await use.makeRoom()
    try await use.model.load()
  }

  func speak(_ chunk: ModelInput) async throws -> SampleSource {
    try await use.makeRoom()
    return try await use.model.speak(chunk)
  }
}

/// What is known of a model.
package struct ModelState: Hashable, Sendable {
  package let name: String
  package let kind: String
  /// Bytes of weights in memory; 0 when it is not loaded.
  package let loadedBytes: Int
  /// Requests that use it.
  package let inFlight: Int
  /// Seconds since it was used last; `nil` when it never was.
  package let idleSeconds: Double?
  /// Voices that are ready to speak.
  package let cachedVoices: Int
}

extension ChatterboxError {
  fileprivate static func tooLarge(_ name: String, bound: Int) -> ChatterboxError {
    ChatterboxError(
      .noMemory,
      "The model '\(name)' takes more memory than models.max_loaded_bytes allows, \(bound). Raise it, or choose a "
        + "smaller models.dtype.", field: "model")
  }
}
