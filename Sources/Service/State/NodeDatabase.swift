package import Foundation
import GRDB

/// What a node must not forget: its presets, its jobs, what was used.
///
/// A write that has been answered is on the disk, whatever happens next.
package final class NodeDatabase: Sendable {
  let pool: DatabasePool

  /// Opens the database, and brings it up to this version's tables.
  ///
  /// - Parameter file: where it is; made if it is not there.
  /// - Throws: ``NodeDatabaseError``.
  package init(at file: URL) throws(NodeDatabaseError) {
    var configuration = Configuration()
    configuration.busyMode = .timeout(10)
    configuration.prepareDatabase { database in
      // With WAL the usual setting would lose the last transactions when the power goes.
      try database.execute(sql: "PRAGMA synchronous = FULL")
    }
    do {
      pool = try DatabasePool(path: file.path, configuration: configuration)
      let migrator = NodeMigrations.migrator
      guard try pool.read({ try !migrator.hasBeenSuperseded($0) }) else { throw NodeDatabaseError.newer }
      try migrator.migrate(pool)
    } catch let error as NodeDatabaseError {
      throw error
    } catch let error as DatabaseError where [.SQLITE_NOTADB, .SQLITE_CORRUPT].contains(error.resultCode) {
      throw .damaged
    } catch {
      throw .notUsable
    }
  }
}

/// Why the database cannot be used.
package enum NodeDatabaseError: Error, Hashable, Sendable, CustomStringConvertible {
  case damaged
  case newer
  case notUsable

  package var description: String {
    switch self {
    case .damaged:
      "The database node.sqlite in server.data_dir is damaged. Put a backup in its place, or move it away: "
        + "jobs and own presets begin anew then."
    case .newer:
      "The database node.sqlite in server.data_dir was made by a later version of Chatterbox: update this one."
    case .notUsable:
      "The database node.sqlite in server.data_dir cannot be opened: is the folder writable, and the disk not full?"
    }
  }
}
