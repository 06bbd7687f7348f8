import Foundation
import Testing

@testable import Text

@Suite("Running programs")
struct ProgramTests {
  private func run(
    _ name: String, _ arguments: [String] = [], input: String = "", limit: Int = 1 << 20,
    time: Duration = .seconds(60)
  ) async throws(ProgramError) -> String {
    let output = try await Program(name: name).run(
      arguments, input: input, outputLimit: limit, timeLimit: time)
    return String(decoding: output, as: UTF8.self)
  }

  @Test("passes input in and output out, larger than any pipe's buffer")
  func passesThrough() async throws {
    let text = String(repeating: "Grüße 한글\n", count: 50_000)
    #expect(try await run("cat", input: text, limit: 1 << 21) == text)
    #expect(try await run("cat") == "")
  }

  @Test("says that a program is not there")
  func missing() async {
    await #expect(throws: ProgramError.notFound) { try await run("no-such-program-7f3a") }
  }

  @Test("says how a program failed")
  func failed() async {
    await #expect(throws: ProgramError.failed(status: 3)) { try await run("sh", ["-c", "exit 3"]) }
    await #expect(throws: ProgramError.killed(signal: 9)) { try await run("sh", ["-c", "kill -9 $$"]) }
  }

  @Test("stops a program that writes without end")
  func tooMuchOutput() async {
    await #expect(throws: ProgramError.tooMuchOutput) { try await run("yes", limit: 1000) }
  }

  @Test("kills a program whose time is up")
  func timesOut() async {
    await #expect(throws: ProgramError.timedOut) { try await run("sleep", ["1000"], time: .milliseconds(50)) }
  }

  @Test("kills the program of a cancelled task, and never starts one for it")
  func cancelled() async throws {
    let running = Task { try await run("sleep", ["1000"], time: .seconds(900)) }
    try await Task.sleep(for: .milliseconds(50))
    running.cancel()
    await #expect(throws: ProgramError.cancelled) { try await running.value }

    let trace = FileManager.default.temporaryDirectory.appending(path: "program-\(UUID().uuidString)").path
    let unstarted = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await run("touch", [trace])
    }
    await #expect(throws: ProgramError.cancelled) { try await unstarted.value }
    #expect(!FileManager.default.fileExists(atPath: trace))
  }

  @Test("outlives a program that does not read its input")
  func ignoresInput() async throws {
    #expect(try await run("true", input: String(repeating: "x", count: 1 << 20)) == "")
  }
}
