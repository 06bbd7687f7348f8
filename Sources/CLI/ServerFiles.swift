import Foundation

/// Whose the files are that a server writes.
enum ServerFiles {
  /// Lets nobody but this user read what is written from now on: it has texts, voices and the hashes of keys.
  static func keepPrivate() { umask(0o077) }
}
