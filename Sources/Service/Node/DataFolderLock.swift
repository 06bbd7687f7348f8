import Chatterbox
package import Foundation

/// Keeps two servers from working in one data folder: they would speak each other's jobs.
///
/// The system takes the lock back when the process ends, however it ends.
package final class DataFolderLock: Sendable {
  /// Another server works there.
  package struct InUse: Error, Hashable, Sendable, CustomStringConvertible {
    package let description =
      "Another server works in this data folder: stop it, or give this one its own with server.data_dir."
  }

  private let descriptor: Int32

  /// - Throws: ``InUse``; ``ChatterboxError`` when the folder is not writable.
  package init(_ directory: URL) throws {
    descriptor = open(directory.appending(path: "lock").path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw ChatterboxError.noRoom }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw InUse()
    }
  }

  deinit { close(descriptor) }
}
