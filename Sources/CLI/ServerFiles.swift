import CProcess
import Foundation

/// How a server handles files and connections.
enum ServerFiles {
  /// Lets nobody but this user read what is written from now on: it has texts, voices and the hashes of keys.
  static func keepPrivate() { umask(0o077) }

  /// Takes as many clients at a time as the system allows. A shell's usual thousand or so are soon taken, and then
  /// nobody new is let in.
  static func openMany() { raise_open_files() }
}
