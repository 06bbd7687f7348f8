import Foundation
import Redis
import Synchronization
import Testing

@testable import Service

@Suite("A desk of keys")
struct KeyDeskTests {
  /// A store that counts, and that can be held up or be away.
  private final class TestStore: KeyStore {
    private struct State {
      var reads = 0
      var isAway = false
      var holdsNext = false
      var isHolding = false
    }

    private let folder: TemporaryFolder
    private let store: DatabaseKeyStore
    private let state = Mutex(State())

    init() throws {
      folder = try TemporaryFolder()
      store = DatabaseKeyStore(database: try NodeDatabase(at: folder.url.appending(path: "node.sqlite")))
    }

    var reads: Int { state.withLock(\.reads) }
    var isHolding: Bool { state.withLock(\.isHolding) }

    func goAway() { state.withLock { $0.isAway = true } }
    /// Keeps what is read next from whoever reads it.
    func hold() { state.withLock { $0.holdsNext = true } }
    func goOn() { state.withLock { $0.isHolding = false } }

    func key(_ id: String) async throws -> APIKey? {
      let isHeld = try state.withLock { state in
        state.reads += 1
        if state.isAway { throw RedisError.away }
        defer { state.holdsNext = false }
        return state.holdsNext
      }
      let key = try await store.key(id)
      if isHeld { state.withLock { $0.isHolding = true } }
      // Whoever waits for it against the rules gets it in the end, so that the test fails and does not hang.
      for _ in 0..<5_000 where isHeld && isHolding { try await Task.sleep(for: .milliseconds(2)) }
      return key
    }

    func keys() async throws -> [APIKey] { try await store.keys() }

    func add(_ key: APIKey) async throws { try await store.add(key) }

    func change(
      _ id: String, _ change: @escaping @Sendable (inout APIKey) throws -> Void
    ) async throws -> APIKey? {
      if state.withLock(\.isAway) { throw RedisError.away }
      return try await store.change(id, change)
    }
  }

  private func guess(at id: String) -> String { "cbx_\(id)_" + String(repeating: "0", count: 64) }

  @Test("does not believe what was read before it changed a key")
  func generations() async throws {
    let store = try TestStore()
    let desk = KeyDesk(store: store)
    let made = try await desk.create(named: "a", scopes: [.speak])
    store.hold()
    let early = Task { try? await desk.key(of: made.text) }
    try await eventually { store.isHolding }
    _ = try await desk.revoke(made.key.id)
    await #expect(throws: AccessRefusal.wrongCredentials, "nobody waits for what was read before") {
      try await desk.key(of: made.text)
    }
    store.goOn()
    _ = await early.value
    await #expect(throws: AccessRefusal.wrongCredentials) { try await desk.key(of: made.text) }
    #expect(try await store.key(made.key.id)?.revoked != nil)
  }

  @Test("knows those who are let in, whatever others guess while the store is away")
  func away() async throws {
    let store = try TestStore()
    let desk = KeyDesk(store: store)
    let made = try await desk.create(named: "a", scopes: [.speak])
    _ = try await desk.key(of: made.text)
    store.goAway()
    for _ in 0..<3 {
      await #expect(throws: AccessRefusal.cannotTell) {
        try await desk.key(of: guess(at: made.key.id))
      }
      #expect(try await desk.key(of: made.text).id == made.key.id)
    }
    await #expect(throws: RedisError.away) { try await desk.revoke(made.key.id) }
    #expect(try await desk.key(of: made.text).id == made.key.id, "it was not revoked")
    await #expect(throws: AccessRefusal.cannotTell) { try await desk.key(of: guess(at: "000000000000")) }
  }

  @Test("does not ask the store for every guess at a key")
  func guesses() async throws {
    let store = try TestStore()
    let desk = KeyDesk(store: store)
    let made = try await desk.create(named: "a", scopes: [.speak])
    _ = try await desk.key(of: made.text)
    let (start, reads) = (ContinuousClock.now, store.reads)
    for _ in 0..<200 {
      await #expect(throws: AccessRefusal.wrongCredentials) {
        try await desk.key(of: guess(at: made.key.id))
      }
    }
    let seconds = start.duration(to: .now) / .seconds(1)
    #expect(Double(store.reads - reads) <= 2 + 2 * seconds)
  }

  @Test("lets in all who come at once with a secret that another node has just made")
  func rotatedElsewhere() async throws {
    let store = try TestStore()
    let (here, there) = (KeyDesk(store: store), KeyDesk(store: store))
    let made = try await there.create(named: "a", scopes: [.speak])
    _ = try await here.key(of: made.text)
    let text = try await there.rotate(made.key.id, grace: .zero).text
    store.hold()
    let callers = Task {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<10 { group.addTask { _ = try await here.key(of: text) } }
        try await group.waitForAll()
      }
    }
    try await eventually { store.isHolding }
    store.goOn()
    try await callers.value
  }

  @Test("rotates once, however often a store asks for it")
  func rotatedTwice() {
    var key = APIKey.make(named: "a", scopes: [.speak], limit: nil, expires: nil).key
    let secret = APIKey.newSecret()
    key.rotate(to: secret, grace: .seconds(60))
    let rotated = key
    key.rotate(to: secret, grace: .seconds(60))
    #expect(key == rotated)
    key.rotate(to: APIKey.newSecret(), grace: .seconds(60))
    #expect(key != rotated)
  }
}
