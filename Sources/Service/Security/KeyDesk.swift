package import Foundation

/// What can be done with keys.
package actor KeyDesk {
  /// Why something cannot be done with a key.
  package enum Refusal: Error, Hashable, Sendable {
    case unknown
    case revoked
    /// 1 to 64 visible characters.
    case name
    case noScopes
  }

  private struct Known {
    var key: APIKey?
    let until: ContinuousClock.Instant
  }

  /// How long a key is believed to be what it was; what another node revokes is good for so long.
  private static let memory = Duration.seconds(5)
  /// How often it is written down that a key was used.
  private static let usedInterval = 60.0
  private static let mostKnown = 10_000

  private let store: any KeyStore
  private var known: [String: Known] = [:]

  package init(store: any KeyStore) { self.store = store }

  /// - Returns: the key, and the text that its holder sends: it cannot be had again.
  package func create(
    named name: String, scopes: Set<AccessScope>, limit: RateLimit? = nil, expires: Date? = nil
  ) async throws -> (key: APIKey, text: String) {
    guard (1...64).contains(name.count),
      name.allSatisfy({ $0 == " " || $0.isLetter || $0.isNumber || "-_.@".contains($0) })
    else { throw Refusal.name }
    guard !scopes.isEmpty else { throw Refusal.noScopes }
    let made = APIKey.make(named: name, scopes: scopes, limit: limit, expires: expires)
    try await store.save(made.key)
    return made
  }

  /// All keys, the latest first.
  package func keys() async throws -> [APIKey] { try await store.keys() }

  /// Gives a key another secret; the one before is good for a while.
  ///
  /// - Returns: the key, and the text that its holder sends from now on.
  package func rotate(_ id: String, grace: Duration) async throws -> (key: APIKey, text: String) {
    guard var key = try await store.key(id) else { throw Refusal.unknown }
    guard key.revoked == nil else { throw Refusal.revoked }
    let text = key.rotate(grace: grace)
    try await store.save(key)
    known[id] = nil
    return (key, text)
  }

  /// Makes a key good for nothing, at once here and within seconds at other nodes.
  package func revoke(_ id: String) async throws -> APIKey {
    guard var key = try await store.key(id) else { throw Refusal.unknown }
    key.revoked = key.revoked ?? .now
    try await store.save(key)
    known[id] = nil
    return key
  }

  /// The key that a text is.
  ///
  /// - Throws: ``AccessRefusal/wrongCredentials``; ``AccessRefusal/cannotTell`` when the store does not answer.
  func key(of text: String) async throws(AccessRefusal) -> APIKey {
    guard let (id, secret) = APIKey.parts(of: text) else { throw .wrongCredentials }
    guard var key = try await find(id) else { throw .wrongCredentials }
    if !key.accepts(secret, at: .now) {
      // It may have been rotated at another node.
      known[id] = nil
      guard let latest = try await find(id), latest.accepts(secret, at: .now) else { throw .wrongCredentials }
      key = latest
    }
    await note(key)
    return key
  }

  private func find(_ id: String) async throws(AccessRefusal) -> APIKey? {
    if let known = known[id], .now < known.until { return known.key }
    do {
      let key = try await store.key(id)
      if known.count >= Self.mostKnown { known.removeAll() }
      // Only what exists is remembered: guesses must not push it out.
      if key != nil { known[id] = Known(key: key, until: .now + Self.memory) }
      return key
    } catch {
      // Better the last that was known than nobody at all.
      if let key = known[id]?.key { return key }
      throw .cannotTell
    }
  }

  private func note(_ key: APIKey) async {
    guard key.lastUsed.map({ $0.timeIntervalSinceNow < -Self.usedInterval }) ?? true else { return }
    // What another node has changed meanwhile is kept.
    guard var latest = try? await store.key(key.id) else { return }
    latest.lastUsed = .now
    try? await store.save(latest)
    known[key.id]?.key = latest
  }
}
