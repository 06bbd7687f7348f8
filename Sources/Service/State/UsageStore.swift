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

  /// Adds requests of today.
  func add(
    caller: String, model: String, requests: Int, characters: Int, audioSeconds: Double
  ) async throws {
    let day = Date.now.formatted(.iso8601.year().month().day())
    let entry = Entry(
      day: day, caller: caller, model: model, requests: requests, characters: characters,
      audioSeconds: audioSeconds)
    try await database.pool.write { try Self.add(entry, of: caller, to: $0) }
  }

  private static func add(_ entry: Entry, of caller: String, to database: Database) throws {
    try database.execute(
      sql: """
        INSERT INTO usage (day, caller, model, requests, characters, audioSeconds) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (day, caller, model) DO UPDATE SET requests = requests + excluded.requests,
          characters = characters + excluded.characters, audioSeconds = audioSeconds + excluded.audioSeconds
        """,
      arguments: [
        entry.day, caller, entry.model, entry.requests, entry.characters, entry.audioSeconds,
      ])
  }

  /// Gives a caller's use to nobody.
  func erase(caller: String) async throws -> Int {
    try await database.pool.write { database in
      let entries = try Entry.fetchAll(
        database, sql: "SELECT * FROM usage WHERE caller = ?", arguments: [caller])
      try database.execute(sql: "DELETE FROM usage WHERE caller = ?", arguments: [caller])
      for entry in entries { try Self.add(entry, of: "erased", to: database) }
      return entries.count
    }
  }

  /// All of it, the latest day first.
  func entries() async throws -> [Entry] {
    try await database.pool.read { database in
      try Entry.fetchAll(database, sql: "SELECT * FROM usage ORDER BY day DESC, caller, model")
    }
  }
}
