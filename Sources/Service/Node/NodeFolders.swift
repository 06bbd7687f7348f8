package import Chatterbox
package import Foundation

/// Where a node keeps what outlives a request.
package struct NodeFolders: Hashable, Sendable {
  package let directory: URL

  /// Makes the folders that are missing. What is in them is for this user only.
  ///
  /// - Throws: ``ChatterboxError`` when they cannot be made.
  package init(_ configuration: ServiceConfiguration) throws(ChatterboxError) {
    directory =
      configuration.server.dataDirectory.map { URL(filePath: $0, directoryHint: .isDirectory) }
      ?? ModelStore.standardServerDirectory
    bucket = configuration.storage.bucket
    for folder in [directory, temporary, cache, storage, spools, voices, audit] {
      do {
        try FileManager.default.createDirectory(
          at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      } catch {
        throw ChatterboxError(
          .outputNotWritable,
          "The server's data folder cannot be made: choose one that is writable with server.data_dir.")
      }
    }
    // Whoever made it may have let others in. A folder that is somebody else's stays as it is.
    _ = chmod(directory.path, 0o700)
  }

  private let bucket: String

  /// Removes what a server that was killed has left half-made. No other may be at work in the folders.
  package func removeLeftovers() {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: temporary.path)) ?? [] {
      try? FileManager.default.removeItem(at: temporary.appending(path: name))
    }
  }

  /// Audio that is being made. What is in it has no meaning after a restart.
  package var temporary: URL { directory.appending(path: "temporary") }
  /// Answers that may be given again.
  package var cache: URL { directory.appending(path: "cache") }
  /// Audio that somebody comes back for.
  package var storage: URL { directory.appending(path: "storage/\(bucket)") }
  /// The recordings that voices were made from.
  var voices: URL { directory.appending(path: "voices") }

  /// The samples of jobs that are not done.
  var spools: URL { directory.appending(path: "jobs") }

  /// A job's samples.
  func spool(of job: String) -> URL { spools.appending(path: "\(job).samples") }

  /// What is written down about requests.
  package var audit: URL { directory.appending(path: "audit") }

  /// What is known of jobs, presets and voices.
  package var database: URL { directory.appending(path: "node.sqlite") }
}
