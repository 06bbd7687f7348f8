import Foundation
import GRDB

/// Who had how much spoken, by day.
package struct UsageStore: Sendable {
  /// A day's use of a model by a caller.
  package struct Entry: Codable, Hashable, Sendable, FetchableRecord {
    /// `2026-11-25`, in UTC.
    package let day: String
    package let caller: String
    package let model: String
    package let requests: Int
    package let characters: Int
    package let audioSeconds: Double
  }

  let database: NodeDatabase

  /// Adds a request.
  package func add(caller: String, model: String, characters: Int, audioSeconds: Double) async throws {
    let day = Date.now.formatted(.iso8601.year().month().day())
    try await database.pool.write { database in
      try database.execute(
        sql: """
          INSERT INTO usage (day, caller, model, requests, characters, audioSeconds) VALUES (?, ?, ?, 1, ?, ?)
          ON CONFLICT (day, caller, model) DO UPDATE SET requests = requests + 1,
            characters = characters + excluded.characters, audioSeconds = audioSeconds + excluded.audioSeconds
          """, arguments: [day, caller, model, characters, audioSeconds])
    }
  }

  /// All of it, the latest day first.
  package func entries() async throws -> [Entry] {
    try await database.pool.read { database in
      try Entry.fetchAll(database, sql: "SELECT * FROM usage ORDER BY day DESC, caller, model")
    }
  }
}
