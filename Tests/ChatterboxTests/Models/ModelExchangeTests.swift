import Foundation
import Testing

@testable import Chatterbox

@Suite("Models that are exchanged while they speak")
struct ModelExchangeTests {
  private static let request = SpeechRequest(
    text: "One sentence here. And another one there. A third to end with.", model: "turbo", seed: 3)

  /// An engine whose turbo has two versions, the older one active, and their names.
  private func engine() async throws -> (SmallModels, ChatterboxEngine, old: String, new: String) {
    let source = try SmallModels(["turbo"])
    let models = try SmallModels([])
    let store = ModelStore(directory: models.folder.url.path)
    let turbo = source.folder.url.appending(path: "turbo")
    let old = try await store.importModel(from: turbo, as: "turbo").version
    let weights = turbo.appending(path: "t3_turbo_v1.safetensors")
    var changed = try Data(contentsOf: weights)
    // Another weight, so that it is another version.
    changed[changed.count - 2] ^= 0x20
    try changed.write(to: weights)
    let new = try await store.importModel(from: turbo, as: "turbo").version
    _ = try await store.use("turbo", version: old)
    return (models, try models.engine(tokens: 20), old, new)
  }

  private func rest(of iterator: inout SpeechStream.Iterator) async throws -> [Float] {
    var samples: [Float] = []
    while let chunk = try await iterator.next() { samples += chunk.samples }
    return samples
  }

  @Test("finish what they began, undisturbed, and only then go")
  func activate() async throws {
    let (models, engine, _, new) = try await engine()
    defer { withExtendedLifetime(models) {} }
    let undisturbed = try await engine.samples(Self.request)
    var iterator = try engine.speak(Self.request, delivery: .whole).makeAsyncIterator()
    let first = try #require(try await iterator.next()).samples
    let identity = try engine.speak(Self.request).fingerprint(hasSeed: true)
    try await engine.activate("turbo", version: new)
    #expect(
      try engine.speak(Self.request).fingerprint(hasSeed: true) != identity, "the cache must not mix them up")
    try engine.unload("turbo")
    #expect(try await first + rest(of: &iterator) == undisturbed)
  }

  @Test("load again by themselves after they were unloaded")
  func reload() async throws {
    let (models, engine, _, _) = try await engine()
    defer { withExtendedLifetime(models) {} }
    let before = try await engine.samples(Self.request)
    #expect(await engine.modelStates.first { $0.name == "turbo" }?.loadedBytes ?? 0 > 10_000)
    await engine.unloadIdle(after: .zero)
    #expect(await engine.modelStates.first { $0.name == "turbo" }?.loadedBytes == 0)
    #expect(try await engine.samples(Self.request) == before)
  }

  @Test("stay as they are when the new version is damaged")
  func damaged() async throws {
    let (models, engine, old, new) = try await engine()
    let before = try await engine.samples(Self.request)
    let weights = models.folder.url.appending(path: "turbo/\(new)/t3_turbo_v1.safetensors")
    var data = try Data(contentsOf: weights)
    data.replaceSubrange(0..<8, with: Data(repeating: 0xFF, count: 8))
    try data.write(to: weights)
    await #expect(throws: ChatterboxError.self) { try await engine.activate("turbo", version: new) }
    #expect(try engine.store.folder(of: "turbo").current?.version == old)
    #expect(try await engine.samples(Self.request) == before)
  }

  @Test("are exchanged for what another program has pointed at, and for files that were changed by hand")
  func outside() async throws {
    let (models, engine, old, new) = try await engine()
    defer { withExtendedLifetime(models) {} }
    let before = try await engine.samples(Self.request)
    // As the command line does it, beside the server.
    _ = try await engine.store.use("turbo", version: new)
    #expect(try await engine.samples(Self.request) == before)
    let identity = try engine.speak(Self.request).fingerprint(hasSeed: true)
    try await engine.activate("turbo", version: new)
    #expect(try engine.speak(Self.request).fingerprint(hasSeed: true) != identity)
    try await engine.activate("turbo", version: old)
    #expect(try await engine.samples(Self.request) == before)
  }

  @Test("are taken over by a refresh when files that were put there by hand have changed")
  func changedByHand() async throws {
    let models = try SmallModels(["turbo"])
    let engine = try models.engine(tokens: 20)
    let before = try await engine.samples(Self.request)
    let weights = models.folder.url.appending(path: "turbo/t3_turbo_v1.safetensors")
    var changed = try Data(contentsOf: weights)
    // The signs of half of the weights.
    for index in stride(from: changed.count - 1, to: changed.count / 2, by: -4) { changed[index] ^= 0x80 }
    try changed.write(to: weights)
    try engine.refresh()
    #expect(await engine.modelStates.first { $0.name == "turbo" }?.loadedBytes == 0)
    #expect(try await engine.samples(Self.request) != before)
    try changed.write(to: weights)
    try engine.refresh()
    #expect(await engine.modelStates.first { $0.name == "turbo" }?.loadedBytes == 0, "it is another file")
  }

  @Test("are in use while a voice is cloned, so that they are not unloaded")
  func cloning() async throws {
    let models = try SmallModels(["turbo"])
    let engine = try models.engine(tokens: 20)
    var (use, _): (ModelUse?, ChatterboxModel) = try await engine.chatterboxModel("turbo")
    #expect(await engine.modelStates.first { $0.name == "turbo" }?.inFlight == 1)
    withExtendedLifetime(use) {}
    use = nil
    #expect(await engine.modelStates.first { $0.name == "turbo" }?.inFlight == 0)
  }

  @Test("appear and go when they are installed and removed, without a restart")
  func refresh() async throws {
    let models = try SmallModels([])
    let engine = try models.engine(tokens: 20)
    #expect(try engine.speak(Self.request).info.model != "turbo")
    let source = try SmallModels(["turbo"])
    _ = try await engine.store.importModel(from: source.folder.url.appending(path: "turbo"), as: "turbo")
    try engine.refresh()
    #expect(try engine.speak(Self.request).info.model == "turbo")
    try await engine.store.remove("turbo")
    try engine.refresh()
    #expect(try engine.speak(Self.request).info.model != "turbo")
  }

  @Test("keep no more voices than they may")
  func voices() async throws {
    let models = try SmallModels(["turbo"])
    var configuration = EngineConfiguration()
    configuration.modelsDirectory = models.folder.url.path
    configuration.watermark = false
    configuration.mostSpeechTokens = 5
    configuration.mostCachedVoices = 2
    let engine = try ChatterboxEngine(configuration)
    let own = try Voice(contentsOf: models.folder.url.appending(path: "turbo/conds.pt").path, family: .turbo)
    for name in ["a", "b", "c", "d"] {
      var voice = own
      voice.name = name
      let stream = try engine.speak(SpeechRequest(text: "Hi.", model: "turbo", seed: 1), voice: voice)
      for try await _ in stream {}
    }
    #expect(await engine.modelStates.first { $0.name == "turbo" }?.cachedVoices == 2)
  }
}
