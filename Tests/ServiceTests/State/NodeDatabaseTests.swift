import Chatterbox
import Foundation
import GRDB
import Testing

@testable import Service

@Suite("The database")
struct NodeDatabaseTests {
  private let folder: TemporaryFolder
  private var file: URL { folder.url.appending(path: "node.sqlite") }

  init() throws { folder = try TemporaryFolder() }

  @Test("keeps what was written, also for the next start")
  func restart() async throws {
    let store = PresetStore(database: try NodeDatabase(at: file))
    let preset = Preset(name: "calm", model: "turbo", speed: 0.9, description: "Ruhig, 조용한")
    #expect(try await store.add(preset))
    #expect(try await !store.add(preset))
    let later = PresetStore(database: try NodeDatabase(at: file))
    #expect(try later.presets() == [preset])
    #expect(try await later.remove("calm"))
    #expect(try await !later.remove("calm"))
  }

  @Test("that is damaged is an error that says what to do, and stays as it is")
  func damaged() throws {
    let garbage = Data((0..<8_192).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ 7) })
    try garbage.write(to: file)
    #expect(throws: NodeDatabaseError.damaged) { try NodeDatabase(at: file) }
    #expect(try Data(contentsOf: file) == garbage)
  }

  @Test("of a later version is not touched")
  func newer() throws {
    let pool = try DatabasePool(path: file.path)
    var migrator = NodeMigrations.migrator
    migrator.registerMigration("99: the future") {
      try $0.create(table: "future") { $0.primaryKey("id", .text) }
    }
    try migrator.migrate(pool)
    try pool.close()
    #expect(throws: NodeDatabaseError.newer) { try NodeDatabase(at: file) }
  }

  @Test("in a folder that is not there is an error")
  func notUsable() {
    #expect(throws: NodeDatabaseError.notUsable) {
      try NodeDatabase(at: folder.url.appending(path: "missing/node.sqlite"))
    }
  }

  @Test("of the first version is brought up to date, and keeps its presets")
  func migration() throws {
    let pool = try DatabasePool(path: file.path)
    try NodeMigrations.migrator.migrate(pool, upTo: "1: presets")
    try pool.write { database in
      try database.execute(
        sql: "INSERT INTO preset VALUES (?, ?)",
        arguments: ["old", #"{"name": "old", "model": "turbo"}"#])
    }
    try pool.close()
    let database = try NodeDatabase(at: file)
    #expect(try PresetStore(database: database).presets() == [Preset(name: "old", model: "turbo")])
    #expect(try database.pool.read { try $0.tableExists("job") && $0.tableExists("usage") })
  }

  @Test("adds up who used how much")
  func usage() async throws {
    let usage = UsageStore(database: try NodeDatabase(at: file))
    try await usage.add(caller: "a", model: "turbo", requests: 1, characters: 10, audioSeconds: 1.5)
    try await usage.add(caller: "a", model: "turbo", requests: 1, characters: 5, audioSeconds: 0.5)
    try await usage.add(caller: "b", model: "turbo", requests: 1, characters: 1, audioSeconds: 0.1)
    let entries = try await usage.entries()
    #expect(entries.map(\.requests) == [2, 1])
    #expect(entries.map(\.characters) == [15, 1])
    #expect(entries[0].audioSeconds == 2)
  }
}
