import Foundation
import Testing

/// The `chatterbox` program that was built beside these tests, run as a user runs it.
struct CommandLineProgram {
  /// How a run ended, and what it wrote.
  struct Result {
    let status: Int32
    let output: Data
    let error: String

    var text: String { String(decoding: output, as: UTF8.self) }
    /// What it complained about, line by line.
    var errorLines: [Substring] { error.split(separator: "\n") }
  }

  /// Where the run happens; configurations and results of other folders play no part.
  let folder: TemporaryFolder
  /// Variables beside those of the tests.
  var environment: [String: String] = [:]

  init() throws { folder = try TemporaryFolder() }

  /// Runs the program to its end.
  ///
  /// - Parameters:
  ///   - input: what standard input holds.
  ///   - signal: a signal, and what must have happened before it is sent.
  func run(
    _ arguments: String..., input: String = "", interruptedBy signal: Int32? = nil,
    when isReady: () throws -> Bool = { true }
  ) async throws -> Result {
    try await run(arguments, input: Data(input.utf8), signal: signal, isReady)
  }

  /// Runs the program with any bytes as input.
  func run(_ arguments: [String], input: Data) async throws -> Result {
    try await run(arguments, input: input, signal: nil) { true }
  }

  private func run(
    _ arguments: [String], input: Data, signal: Int32?, _ isReady: () throws -> Bool
  ) async throws -> Result {
    // Files and not pipes, which fill up when nobody reads them.
    let streams = try TemporaryFolder()
    let process = Process()
    process.executableURL = try Self.executable
    process.arguments = arguments
    process.currentDirectoryURL = folder.url
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, own in own }
    process.standardInput = try streams.file("input", input)
    process.standardOutput = try streams.file("output")
    process.standardError = try streams.file("error")
    let (ended, signalEnd) = AsyncStream<Void>.makeStream()
    process.terminationHandler = { _ in signalEnd.finish() }
    try process.run()
    if let signal {
      while process.isRunning, try !isReady() { try await Task.sleep(for: .milliseconds(5)) }
      kill(process.processIdentifier, signal)
    }
    for await _ in ended {}
    return Result(
      status: process.terminationStatus, output: try streams.contents("output"),
      error: String(decoding: try streams.contents("error"), as: UTF8.self))
  }

  /// SwiftPM puts the programs of a package beside its tests.
  private static var executable: URL {
    get throws {
      let program = try tests.deletingLastPathComponent().appending(path: "chatterbox")
      try #require(
        FileManager.default.isExecutableFile(atPath: program.path), "build the whole package first")
      return program
    }
  }

  private static var tests: URL {
    get throws {
      #if os(macOS)
        try #require(Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }).bundleURL
      #else
        URL(filePath: CommandLine.arguments[0])
      #endif
    }
  }
}

extension TemporaryFolder {
  fileprivate func file(_ name: String, _ content: Data = Data()) throws -> FileHandle {
    try content.write(to: url.appending(path: name))
    return try FileHandle(forUpdating: url.appending(path: name))
  }

  func contents(_ name: String) throws -> Data {
    try Data(contentsOf: url.appending(path: name))
  }
}
