import Synchronization

/// A program that is started before it is needed: espeak-ng takes longer to start than to answer.
///
/// One process waits at its standard input. Who needs an answer takes it, and another is started once the
/// answer is there. It ends with this value, and should we be killed, with our end of its input.
final class SpareProgram: Sendable {
  private let program: Program
  private let arguments: [String]
  private let outputLimit: Int
  private let spare = Mutex<StartedProgram?>(nil)

  init(_ program: Program, _ arguments: [String], outputLimit: Int) {
    self.program = program
    self.arguments = arguments
    self.outputLimit = outputLimit
  }

  /// Starts a process to wait, unless one does.
  func prepare() {
    spare.withLock { spare in
      if spare == nil { spare = start() }
    }
  }

  /// Runs the program to its end on some input, and starts the next one.
  func run(_ input: String, timeLimit: Duration = .seconds(30)) async throws(ProgramError) -> [UInt8] {
    defer { prepare() }
    if let waiting = spare.withLock({ $0.take() }) {
      do {
        return try await Program.within(timeLimit) { try await waiting.output(for: input) }
      } catch .cancelled {
        throw .cancelled
      } catch {
        // It may have died while it waited, of nothing that has to do with this input.
      }
    }
    let fresh = start()
    return try await Program.within(timeLimit) { try await fresh.output(for: input) }
  }

  private func start() -> StartedProgram {
    StartedProgram(program, arguments, outputLimit: outputLimit)
  }
}

/// A process that waits for its one input.
private final class StartedProgram: Sendable {
  private let input: AsyncStream<String>.Continuation
  private let process: Task<[UInt8], any Error>

  init(_ program: Program, _ arguments: [String], outputLimit: Int) {
    let (inputs, input) = AsyncStream.makeStream(of: String.self)
    self.input = input
    process = Task {
      try await program.output(of: arguments, limit: outputLimit) {
        for await input in inputs { return input }
        throw CancellationError()
      }
    }
  }

  deinit { process.cancel() }

  func output(for text: String) async throws -> [UInt8] {
    input.yield(text)
    input.finish()
    return try await withTaskCancellationHandler {
      try await process.value
    } onCancel: {
      process.cancel()
    }
  }
}
