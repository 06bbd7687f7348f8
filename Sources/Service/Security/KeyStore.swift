import Foundation
import GRDB
package import Redis

/// Where keys are kept.
///
/// A driver keeps them: ``DatabaseKeyStore`` for one node, ``RedisKeyStore`` for many.
package protocol KeyStore: Sendable {
  func key(_ id: String) async throws -> APIKey?
  /// All keys, the latest first.
  func keys() async throws -> [APIKey]
  /// Keeps a new key.
  func add(_ key: APIKey) async throws

  /// Changes a key as one step, so that nobody else's change of it is lost, and says what it was changed to; `nil`
  /// when there is none.
  ///
  /// - Parameter change: says what is to be different. It may be asked twice, also for a key that it has changed
  ///   already. What it throws leaves the key as it is.
  @discardableResult
  func change(
    _ id: String, _ change: @escaping @Sendable (inout APIKey) throws -> Void
  ) async throws -> APIKey?
}

/// Keys in a node's database.
package struct DatabaseKeyStore: KeyStore {
  private struct Row: Codable, FetchableRecord, PersistableRecord {
    static let databaseTableName = "apiKey"

    let id: String
    let created: Double
    let key: APIKey
  }

  let database: NodeDatabase

  package init(database: NodeDatabase) { self.database = database }

  package func key(_ id: String) async throws -> APIKey? {
    try await database.pool.read { try Row.fetchOne($0, key: id)?.key }
  }

  package func keys() async throws -> [APIKey] {
    try await database.pool.read { try Row.order(Column("created").desc).fetchAll($0).map(\.key) }
  }

  package func add(_ key: APIKey) async throws {
    try await database.pool.write { database in
      try Row(id: key.id, created: key.created.timeIntervalSince1970, key: key).insert(database)
    }
  }

  package func change(
    _ id: String, _ change: @escaping @Sendable (inout APIKey) throws -> Void
  ) async throws -> APIKey? {
    try await database.pool.write { database in
      guard let row = try Row.fetchOne(database, key: id) else { return nil }
      var key = row.key
      try change(&key)
      if key != row.key { try Row(id: row.id, created: row.created, key: key).update(database) }
      return key
    }
  }
}

/// Keys that all nodes know, in the Redis that they share.
package struct RedisKeyStore: KeyStore {
  /// `id, was, becomes`: writes a key, if it is still what it was → whether it was.
  private static let replace = RedisScript(
    """
    if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
    redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
    return 1
    """)

  private let redis: RedisClient

  package init(redis: RedisClient) { self.redis = redis }

  package func key(_ id: String) async throws -> APIKey? {
    try await Self.key(redis.send(RedisCommand("HGET", RedisKey.keys, id)))
  }

  package func keys() async throws -> [APIKey] {
    try await redis.send(RedisCommand("HVALS", RedisKey.keys)).elements.compactMap(Self.key)
      .sorted { $0.created > $1.created }
  }

  package func add(_ key: APIKey) async throws {
    try await redis.send(RedisCommand("HSET", RedisKey.keys, key.id, try JSONEncoder().encode(key)))
  }

  package func change(
    _ id: String, _ change: @escaping @Sendable (inout APIKey) throws -> Void
  ) async throws -> APIKey? {
    while true {
      let reply = try await redis.send(RedisCommand("HGET", RedisKey.keys, id))
      guard let bytes = reply.bytes, let old = Self.key(reply) else { return nil }
      var key = old
      try change(&key)
      guard key != old else { return old }
      let answer = try await redis.run(
        Self.replace, keys: [RedisKey.keys], id, bytes, try JSONEncoder().encode(key))
      // Else somebody was faster, and theirs is to be kept too.
      if answer.integer == 1 { return key }
    }
  }

  private static func key(_ reply: RedisReply) -> APIKey? {
    reply.bytes.flatMap { try? JSONDecoder().decode(APIKey.self, from: Data($0)) }
  }
}
