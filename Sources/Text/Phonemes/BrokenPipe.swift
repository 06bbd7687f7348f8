import Foundation

/// Writing to a program that has already ended must be an error, not the end of this process.
enum BrokenPipe {
  /// Makes it so, once for the process. A handler that the host has set is left as it is.
  static let isError: Void = {
    // `signal` answers what was set before; nothing means the default, which ends the process.
    if let handler = signal(SIGPIPE, SIG_IGN) { signal(SIGPIPE, handler) }
  }()
}
