package import Foundation
import GRDB

/// What the node's database has of where the log ended, so that a log is missed whose whole folder is gone.
///
/// It is told when the log begins and ends and once an hour, not of every entry: it only says that there was more.
package struct AuditWitness: Sendable {
  private let database: NodeDatabase

  init(_ database: NodeDatabase) {
    self.database = database
  }

  /// What it was told last, as ``AuditHead`` seals it; `nil` when there has never been a log.
  func sealedHead() throws(NodeDatabaseError) -> Data? {
    do {
      return try database.pool.read(Self.fetch)
    } catch {
      throw .notUsable
    }
  }

  /// The same of a database that may be in use, and stays as it is.
  ///
  /// - Returns: `nil` also when there is no database, or an earlier version made it.
  package static func sealedHead(at file: URL) throws(NodeDatabaseError) -> Data? {
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    var configuration = Configuration()
    configuration.readonly = true
    do {
      return try DatabaseQueue(path: file.path, configuration: configuration).read { database in
        try database.tableExists("auditHead") ? fetch(database) : nil
      }
    } catch {
      throw .notUsable
    }
  }

  func keep(_ sealedHead: Data) async throws {
    let text = String(decoding: sealedHead, as: UTF8.self)
    // Also when the node stops, which cancels this task.
    try await Task { [database] in
      try await database.pool.write { database in
        try database.execute(
          sql: "INSERT OR REPLACE INTO auditHead (id, head) VALUES (1, ?)", arguments: [text])
      }
    }.value
  }

  private static func fetch(_ database: Database) throws -> Data? {
    try String.fetchOne(database, sql: "SELECT head FROM auditHead WHERE id = 1").map { Data($0.utf8) }
  }
}
