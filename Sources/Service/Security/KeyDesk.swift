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
    var key: APIKey
    /// Until when the store need not be asked.
    var until: ContinuousClock.Instant
    /// When a wrong secret last made us ask all the same.
    var doubted: ContinuousClock.Instant?
    /// Whether the store answered then.
    var isCertain = true
  }

  /// A look into the store, for all who need it meanwhile.
  private struct Reading {
    let generation: Int
    let key: Task<APIKey?, any Error>
  }

  /// How long a key is believed to be what it was; what another node revokes is good for so long.
  private static let memory = Duration.seconds(5)
  /// How often wrong secrets make us ask for a key that is known: whoever guesses must not busy the store.
  private static let doubtInterval = Duration.seconds(1)
  /// How often it is written down that a key was used.
  private static let usedInterval = 60.0
  private static let mostKnown = 10_000

  private let store: any KeyStore
  private var known: [String: Known] = [:]
  private var readings: [String: Reading] = [:]
  /// How often keys were changed here. What was read across a change may be older than it, so nobody keeps it.
  private var generation = 0

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
    try await store.add(made.key)
    return made
  }

  /// All keys, the latest first.
  package func keys() async throws -> [APIKey] { try await store.keys() }

  /// Gives a key another secret; the one before is good for a while.
  ///
  /// - Returns: the key, and the text that its holder sends from now on.
  package func rotate(_ id: String, grace: Duration) async throws -> (key: APIKey, text: String) {
    let secret = APIKey.newSecret()
    let key = try await change(id) { key in
      guard key.revoked == nil else { throw Refusal.revoked }
      key.rotate(to: secret, grace: grace)
    }
    return (key, key.text(secret))
  }

  /// Makes a key good for nothing, at once here and within seconds at other nodes.
  package func revoke(_ id: String) async throws -> APIKey {
    try await change(id) { $0.revoked = $0.revoked ?? .now }
  }

  private func change(
    _ id: String, _ change: @escaping @Sendable (inout APIKey) throws -> Void
  ) async throws -> APIKey {
    defer { generation += 1 }
    let changed: APIKey?
    do {
      changed = try await store.change(id, change)
    } catch {
      // It may have been done all the same. Whoever has the key is not locked out while nobody can tell.
      known[id]?.until = .now
      throw error
    }
    known[id] = nil
    guard let changed else { throw Refusal.unknown }
    return changed
  }

  /// The key that a text is.
  ///
  /// - Throws: ``AccessRefusal/wrongCredentials``; ``AccessRefusal/cannotTell`` when the store does not answer.
  func key(of text: String) async throws(AccessRefusal) -> APIKey {
    guard let (id, secret) = APIKey.parts(of: text) else { throw .wrongCredentials }
    guard var key = try await find(id) else { throw .wrongCredentials }
    if !key.accepts(secret, at: .now) {
      // It may have been rotated at another node.
      guard let latest = try await doubt(id), latest.accepts(secret, at: .now) else {
        throw .wrongCredentials
      }
      key = latest
    }
    await note(key)
    return key
  }

  private func find(_ id: String) async throws(AccessRefusal) -> APIKey? {
    if let known = known[id], .now < known.until { return known.key }
    do {
      return try await read(id)
    } catch {
      // Better the last that was known than nobody at all.
      if let known = known[id] { return known.key }
      throw .cannotTell
    }
  }

  /// A key for a secret that it does not know: as the store has it now, or as it is known when that was asked just now.
  ///
  /// - Throws: ``AccessRefusal/cannotTell``: the secret may be a new one.
  private func doubt(_ id: String) async throws(AccessRefusal) -> APIKey? {
    let isUnderWay = readings[id]?.generation == generation
    if !isUnderWay {
      if let known = known[id], let doubted = known.doubted, .now < doubted + Self.doubtInterval {
        guard known.isCertain else { throw .cannotTell }
        return known.key
      }
      known[id]?.doubted = .now
    }
    do {
      return try await read(id)
    } catch {
      known[id]?.isCertain = false
      throw .cannotTell
    }
  }

  /// Asks the store, once for all who ask meanwhile, except for what was changed here since.
  private func read(_ id: String) async throws -> APIKey? {
    if let reading = readings[id], reading.generation == generation { return try await reading.key.value }
    let (began, time) = (generation, ContinuousClock.now)
    // Not the first one's own task: who goes away must not take the answer from the others.
    let key = Task<APIKey?, any Error> {
      defer { if readings[id]?.generation == began { readings[id] = nil } }
      let key = try await store.key(id)
      if began == generation { keep(key, of: id, from: time) }
      return key
    }
    readings[id] = Reading(generation: began, key: key)
    return try await key.value
  }

  private func keep(_ key: APIKey?, of id: String, from time: ContinuousClock.Instant) {
    // Only what exists is remembered: guesses must not push it out.
    guard let key else {
      known[id] = nil
      return
    }
    let earlier = known[id]
    if earlier == nil, known.count >= Self.mostKnown { known.removeAll() }
    known[id] = Known(key: key, until: time + Self.memory, doubted: earlier?.doubted)
  }

  private func note(_ key: APIKey) async {
    let now = Date.now
    let used = known[key.id]?.key.lastUsed ?? key.lastUsed
    guard used.map({ now.timeIntervalSince($0) > Self.usedInterval }) ?? true else { return }
    // Who comes meanwhile need not write it down as well.
    known[key.id]?.key.lastUsed = now
    _ = try? await store.change(key.id) { $0.lastUsed = max($0.lastUsed ?? now, now) }
  }
}
