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
  /// Keeps a key, in place of one of its identifier.
  func save(_ key: APIKey) async throws
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

  package func save(_ key: APIKey) async throws {
    try await database.pool.write { database in
      try Row(id: key.id, created: key.created.timeIntervalSince1970, key: key).save(database)
    }
  }
}

/// Keys that all nodes know, in the Redis that they share.
package struct RedisKeyStore: KeyStore {
  private let redis: RedisClient

  package init(redis: RedisClient) { self.redis = redis }

  package func key(_ id: String) async throws -> APIKey? {
    try await Self.key(redis.send(RedisCommand("HGET", RedisKey.keys, id)))
  }

  package func keys() async throws -> [APIKey] {
    try await redis.send(RedisCommand("HVALS", RedisKey.keys)).elements.compactMap(Self.key)
      .sorted { $0.created > $1.created }
  }

  package func save(_ key: APIKey) async throws {
    try await redis.send(RedisCommand("HSET", RedisKey.keys, key.id, try JSONEncoder().encode(key)))
  }

  private static func key(_ reply: RedisReply) -> APIKey? {
    reply.bytes.flatMap { try? JSONDecoder().decode(APIKey.self, from: Data($0)) }
  }
}
