import Foundation
import Synchronization
import Testing

@testable import Chatterbox

@Suite("The shelf of models")
struct ModelShelfTests {
  /// A model that weighs something once it is loaded.
  private final class HeavyModel: SpeechModel {
    let name: ModelName
    let sampleRate = 24_000
    let identity: String
    let estimatedByteCount: Int
    private let loaded = Mutex(false)
    private let alive: Counter

    init(_ name: ModelName, version: String = "1", bytes: Int = 100, _ alive: Counter) {
      (self.name, identity, estimatedByteCount, self.alive) = (name, version, bytes, alive)
      alive.add(1)
    }

    deinit { alive.add(-1) }

    var byteCount: Int { loaded.withLock(\.self) ? estimatedByteCount : 0 }
    var unloaded: any SpeechModel { HeavyModel(name, version: identity, bytes: estimatedByteCount, alive) }
    func load() async { loaded.withLock { $0 = true } }

    func speak(_ chunk: ModelInput) async throws -> SampleSource {
      await load()
      return SampleSource([Float](repeating: 0.1, count: 100))
    }
  }

  private final class Counter: Sendable {
    private let count = Mutex(0)
    func add(_ amount: Int) { count.withLock { $0 += amount } }
    var value: Int { count.withLock(\.self) }
  }

  private let alive = Counter()

  private func shelf(_ names: [ModelName] = [.turbo, .standard, .nano], mostBytes: Int = 0) -> ModelShelf {
    let models = Dictionary(uniqueKeysWithValues: names.map { ($0.rawValue, HeavyModel($0, alive)) })
    return ModelShelf(models, mostBytes: mostBytes)
  }

  private func load(_ name: ModelName, on shelf: ModelShelf) async throws {
    let use = try #require(shelf.use(name.rawValue))
    try await UsedModel(use: use).load()
  }

  private func loaded(_ shelf: ModelShelf) async -> [String] {
    await shelf.states().filter { $0.loadedBytes > 0 }.map(\.name)
  }

  @Test("gives memory back when a model is unloaded and nobody uses it any more, not before")
  func unload() async throws {
    let shelf = shelf([.turbo])
    var use = shelf.use("turbo")
    try await use?.model.load()
    #expect(shelf.unload("turbo"))
    #expect(alive.value == 2, "the request keeps the old one")
    #expect(await use?.model.byteCount == 100)
    #expect(await loaded(shelf).isEmpty)
    use = nil
    #expect(alive.value == 1)
    #expect(!shelf.unload("nothing"))
  }

  @Test("counts who uses the model that is there now, not the one before")
  func inFlight() async throws {
    let shelf = shelf([.turbo])
    var old = shelf.use("turbo")
    shelf.unload("turbo")
    let new = shelf.use("turbo")
    #expect(await shelf.states().first?.inFlight == 1)
    #expect(old != nil)
    old = nil
    #expect(await shelf.states().first?.inFlight == 1)
    withExtendedLifetime(new) {}
  }

  @Test("unloads what nobody has used for a time, and nothing else")
  func idle() async throws {
    let shelf = shelf()
    try await load(.turbo, on: shelf)
    try await load(.standard, on: shelf)
    let use = shelf.use("standard")
    await shelf.unloadIdle(after: .seconds(60))
    #expect(await loaded(shelf) == ["standard", "turbo"])
    await shelf.unloadIdle(after: .zero)
    #expect(await loaded(shelf) == ["standard"])
    withExtendedLifetime(use) {}
  }

  @Test("makes room by what was used longest ago")
  func bound() async throws {
    let shelf = shelf(mostBytes: 250)
    try await load(.turbo, on: shelf)
    try await load(.standard, on: shelf)
    try await load(.turbo, on: shelf)
    try await load(.nano, on: shelf)
    #expect(await loaded(shelf) == ["nano", "turbo"])
  }

  @Test("refuses a model that is larger than all that is allowed")
  func tooLarge() async throws {
    let shelf = shelf(mostBytes: 99)
    await #expect {
      try await load(.turbo, on: shelf)
    } throws: { ($0 as? ChatterboxError)?.code == .noMemory }
  }

  @Test("replaces only what has changed on the disk")
  func replace() async throws {
    let shelf = shelf([.turbo, .standard])
    try await load(.turbo, on: shelf)
    try await load(.standard, on: shelf)
    shelf.replace(with: [
      "turbo": HeavyModel(.turbo, alive), "standard": HeavyModel(.standard, version: "2", alive),
      "nano": HeavyModel(.nano, alive),
    ])
    #expect(await loaded(shelf) == ["turbo"])
    #expect(shelf.names == ["nano", "standard", "turbo"])
    shelf.replace(with: [:])
    #expect(shelf.names.isEmpty)
    #expect(alive.value == 0)
  }

  @Test("stands twenty who load, unload and use at once")
  func concurrency() async throws {
    let shelf = shelf(mostBytes: 250)
    await withTaskGroup(of: Void.self) { group in
      for index in 0..<20 {
        group.addTask {
          for round in 0..<50 {
            let name = [ModelName.turbo, .standard, .nano][(index + round) % 3]
            if round % 7 == index % 7 { shelf.unload(name.rawValue) }
            if let use = shelf.use(name.rawValue) { _ = try? await UsedModel(use: use).load() }
            if round % 11 == 0 { await shelf.unloadIdle(after: .zero) }
          }
        }
      }
    }
    #expect(await shelf.states().allSatisfy { $0.inFlight == 0 })
    #expect(alive.value == 3)
  }
}

@Suite("A stream that begins in the middle")
struct StreamResumeTests {
  private static let text =
    "One sentence. [pause 200ms] Another one here. And a third, which is longer. The last one."

  private func chunks(_ stream: SpeechStream, from piece: Int) async throws -> [AudioChunk] {
    var iterator = stream.iterator(startingAt: piece)
    var chunks: [AudioChunk] = []
    while let chunk = try await iterator.next() { chunks.append(chunk) }
    return chunks
  }

  @Test("goes on exactly as it would have")
  func resumed() async throws {
    let whole = try await chunks(StubModel().stream(Self.text), from: 0)
    let last = try #require(whole.last?.piece)
    #expect(last >= 3)
    for piece in 1...last {
      let rest = try await chunks(StubModel().stream(Self.text), from: piece)
      #expect(rest.first?.piece == piece)
      #expect(rest == whole.filter { $0.piece >= piece })
    }
  }

  @Test("has nothing to say after its end")
  func beyond() async throws {
    #expect(try await chunks(StubModel().stream(Self.text), from: .max).isEmpty)
  }
}
