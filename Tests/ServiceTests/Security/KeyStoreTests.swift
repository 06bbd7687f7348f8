import Foundation
import Testing

@testable import Service

/// What holds wherever keys are kept.
private enum KeyRaces {
  static func changes(_ store: any KeyStore) async throws {
    let key = APIKey.make(named: "a", scopes: [.speak], limit: nil, expires: nil).key
    try await store.add(key)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<20 { group.addTask { _ = try await store.change(key.id) { $0.name += "x" } } }
      try await group.waitForAll()
    }
    #expect(try await store.key(key.id)?.name.count == 21)
    await #expect(throws: KeyDesk.Refusal.revoked) {
      try await store.change(key.id) { key in
        key.name = "b"
        throw KeyDesk.Refusal.revoked
      }
    }
    #expect(try await store.key(key.id)?.name.count == 21, "what is refused changes nothing")
    let none = try await store.change("000000000000") { $0.name = "b" }
    #expect(none == nil)
    #expect(try await store.keys().count == 1)
  }

  static func revocations(_ store: any KeyStore) async throws {
    let (node, other) = (KeyDesk(store: store), KeyDesk(store: store))
    for _ in 0..<40 {
      let made = try await other.create(named: "a", scopes: [.speak])
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<4 { group.addTask { _ = try? await node.key(of: made.text) } }
        group.addTask { _ = try? await other.revoke(made.key.id) }
      }
      #expect(try await store.key(made.key.id)?.revoked != nil)
    }
  }

  static func rotations(_ store: any KeyStore) async throws {
    let (node, other) = (KeyDesk(store: store), KeyDesk(store: store))
    for _ in 0..<40 {
      let made = try await other.create(named: "a", scopes: [.speak])
      async let rotated = other.rotate(made.key.id, grace: .zero)
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<4 { group.addTask { _ = try? await node.key(of: made.text) } }
      }
      let text = try await rotated.text
      #expect(try await node.key(of: text).id == made.key.id)
      let latest = KeyDesk(store: store)
      #expect(try await latest.key(of: text).id == made.key.id)
      await #expect(throws: AccessRefusal.wrongCredentials) { try await latest.key(of: made.text) }
    }
  }
}

@Suite("Keys in a database")
struct DatabaseKeyStoreTests {
  private func check(_ holds: (any KeyStore) async throws -> Void) async throws {
    let folder = try TemporaryFolder()
    try await holds(
      DatabaseKeyStore(database: try NodeDatabase(at: folder.url.appending(path: "node.sqlite"))))
    withExtendedLifetime(folder) {}
  }

  @Test("lose none of the changes that come at once")
  func changes() async throws { try await check(KeyRaces.changes) }

  @Test("stay revoked, also when they are used meanwhile")
  func revocations() async throws { try await check(KeyRaces.revocations) }

  @Test("are good under the secret that was shown last, also when they are used meanwhile")
  func rotations() async throws { try await check(KeyRaces.rotations) }
}

@Suite("Keys in Redis", .enabled(if: RedisServer.program != nil))
struct RedisKeyStoreTests {
  private func check(_ holds: (any KeyStore) async throws -> Void) async throws {
    let server = try await RedisServer()
    try await holds(RedisKeyStore(redis: try server.client))
    withExtendedLifetime(server) {}
  }

  @Test("lose none of the changes that come at once")
  func changes() async throws { try await check(KeyRaces.changes) }

  @Test("stay revoked, also when they are used meanwhile")
  func revocations() async throws { try await check(KeyRaces.revocations) }

  @Test("are good under the secret that was shown last, also when they are used meanwhile")
  func rotations() async throws { try await check(KeyRaces.rotations) }

  @Test("let in who has them while Redis is away, whatever others guess")
  func away() async throws {
    let server = try await RedisServer()
    let desk = KeyDesk(store: RedisKeyStore(redis: try server.client))
    let made = try await desk.create(named: "a", scopes: [.speak])
    _ = try await desk.key(of: made.text)
    server.stop()
    let guess = "cbx_\(made.key.id)_" + String(repeating: "0", count: 64)
    for _ in 0..<3 {
      await #expect(throws: AccessRefusal.cannotTell) { try await desk.key(of: guess) }
      #expect(try await desk.key(of: made.text).id == made.key.id)
    }
  }
}
