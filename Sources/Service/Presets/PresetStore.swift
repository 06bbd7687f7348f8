package import Chatterbox
import GRDB

/// The presets that were made while the node ran.
package struct PresetStore: Sendable {
  private struct Row: Codable, FetchableRecord, PersistableRecord {
    static let databaseTableName = "preset"

    let name: String
    let preset: Preset
  }

  let database: NodeDatabase

  package func presets() throws -> [Preset] {
    try database.pool.read { try Row.order(sql: "name").fetchAll($0).map(\.preset) }
  }

  /// Keeps a preset, in place of one of its name.
  func save(_ preset: Preset) async throws {
    try await database.pool.write { try Row(name: preset.name, preset: preset).save($0) }
  }

  /// Keeps a preset, unless there is one of its name.
  ///
  /// - Returns: whether it was kept.
  func add(_ preset: Preset) async throws -> Bool {
    try await database.pool.write { database in
      guard try !Row.exists(database, key: preset.name) else { return false }
      try Row(name: preset.name, preset: preset).insert(database)
      return true
    }
  }

  /// Keeps these presets, and no others.
  func replaceAll(with presets: [Preset]) async throws {
    try await database.pool.write { database in
      try Row.deleteAll(database)
      for preset in presets { try Row(name: preset.name, preset: preset).insert(database) }
    }
  }

  /// Forgets a preset.
  ///
  /// - Returns: whether there was one.
  func remove(_ name: String) async throws -> Bool {
    try await database.pool.write { try Row.deleteOne($0, key: name) }
  }
}
