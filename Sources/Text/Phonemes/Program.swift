import Subprocess

/// Another program of the machine, found on the `PATH`, that reads standard input and writes standard output.
///
/// Text only ever goes in through standard input: arguments are visible to every user of the machine.
struct Program: Sendable {
  let name: String

  /// Runs the program to its end.
  ///
  /// The process never outlives the call: it is killed when the time is up and when the task is
  /// cancelled.
  /// - Returns: What it wrote to standard output.
  func run(
    _ arguments: [String], input: String, outputLimit: Int, timeLimit: Duration = .seconds(30)
  ) async throws(ProgramError) -> [UInt8] {
    try await Self.within(timeLimit) { try await output(of: arguments, limit: outputLimit) { input } }
  }

  /// The result of some work with a program, or an error when it takes too long.
  static func within(
    _ timeLimit: Duration, _ work: @escaping @Sendable () async throws -> [UInt8]
  ) async throws(ProgramError) -> [UInt8] {
    if Task.isCancelled { throw .cancelled }
    do {
      return try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
        group.addTask { try await work() }
        group.addTask {
          try await Task.sleep(for: timeLimit)
          return nil
        }
        defer { group.cancelAll() }
        guard let first = try await group.next(), let output = first else { throw ProgramError.timedOut }
        return output
      }
    } catch {
      throw Task.isCancelled ? .cancelled : ProgramError(error)
    }
  }

  /// Starts the program, gives it its input once that is there, and waits for its end.
  func output(
    of arguments: [String], limit: Int, input: @escaping @Sendable () async throws -> String
  ) async throws -> [UInt8] {
    BrokenPipe.isError
    let result = try await Subprocess.run(
      .name(name), arguments: Arguments(arguments), input: .inputWriter, output: .bytes(limit: limit),
      error: .discarded
    ) { execution in
      let text = try await input()
      // A program may end before it has read everything: its status tells whether that was an error.
      // The library's own array input stops the process in that case, hence the writing by hand.
      _ = try? await execution.standardInputWriter.write(Array(text.utf8))
      try? await execution.standardInputWriter.finish()
    }
    switch result.terminationStatus {
    case .exited(0): return result.standardOutput
    case .exited(let status): throw ProgramError.failed(status: Int(status))
    case .signaled(let signal): throw ProgramError.killed(signal: Int(signal))
    }
  }
}

/// Why a program gave no output.
enum ProgramError: Error, Hashable {
  /// No folder of the `PATH` has the program.
  case notFound
  /// It was found but could not be started or listened to.
  case notRunnable
  /// It ended with a status other than 0.
  case failed(status: Int)
  /// A signal ended it.
  case killed(signal: Int)
  /// It wrote more than was asked for.
  case tooMuchOutput
  /// It took too long and was killed.
  case timedOut
  /// The task was cancelled, and the program killed.
  case cancelled

  init(_ error: any Error) {
    switch error {
    case let error as ProgramError: self = error
    case is CancellationError: self = .cancelled
    case let error as SubprocessError where error.code == .executableNotFound: self = .notFound
    case let error as SubprocessError where error.code == .outputLimitExceeded: self = .tooMuchOutput
    default: self = .notRunnable
    }
  }
}
