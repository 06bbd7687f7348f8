import ArgumentParser
import Dispatch
import Foundation

/// Ctrl-C ends the work cleanly: the task is cancelled and removes what it has half-made.
enum Interruption {
  /// Runs an operation that Ctrl-C and SIGTERM cancel.
  ///
  /// - Throws: what the operation throws; exit code 130 after an interruption, as shells expect.
  static func cancelling<Result: Sendable>(
    _ operation: sending @escaping () async throws -> Result
  ) async throws -> Result {
    let task = Task { try await operation() }
    let sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { task.cancel() }
      source.resume()
      return source
    }
    defer { sources.forEach { $0.cancel() } }
    do {
      return try await task.value
    } catch is CancellationError {
      throw ExitCode(130)
    }
  }
}
