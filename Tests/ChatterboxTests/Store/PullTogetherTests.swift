import Chatterbox
import Foundation
import Synchronization
import Testing

@Suite("Pulling the same model at once")
struct PullTogetherTests {
  let temporary: TemporaryFolder

  init() throws { temporary = try TemporaryFolder() }

  @Test("Five tasks fetch each file once and end with the same version")
  func tasks() async throws {
    try await TestHub.run([SampleModels.base: SampleModels.standard]) { hub in
      let versions = try await withThrowingTaskGroup(of: String.self) { group in
        for _ in 0..<5 {
          group.addTask { [store = temporary.store] in
            try await store.pull(.named("standard"), from: hub.configuration()).version
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(Set(versions).count == 1)
      for file in SampleModels.standard.keys {
        let requests = hub.requests(of: file)
        #expect(requests.filter { !$0.isContent }.count == 1, "\(file)")
      }
      #expect(temporary.bytes("standard", "ve.safetensors") == SampleModels.standard["ve.safetensors"])
    }
  }

  @Test("Different models do not wait for one another")
  func differentModels() async throws {
    let repositories = [
      SampleModels.base: SampleModels.standard, SampleModels.turbo: SampleModels.turboRepository,
    ]
    try await TestHub.run(repositories) { hub in
      hub.fail("t3_cfg.safetensors", .stall(after: 10))
      let task = Task { [store = temporary.store] in
        try await store.pull(.named("standard"), from: hub.configuration())
      }
      _ = try await temporary.store.pull(.named("turbo"), from: hub.configuration())
      task.cancel()
      _ = await task.result
      #expect(temporary.store.isInstalled(.turbo))
    }
  }

  @Test(
    "A pull waits for another process, says which, and then fetches",
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/perl")))
  func processes() async throws {
    try await TestHub.run([SampleModels.base: SampleModels.standard]) { hub in
      let other = try LockingProcess(temporary.url.appending(path: ".locks/standard.lock"))
      let events = Events()
      let task = Task { [store = temporary.store] in
        try await store.pull(.named("standard"), from: hub.configuration(), report: events.report)
      }
      #expect(try await events.wait { $0 == .waiting(process: other.identifier) })
      #expect(hub.state.withLock { $0.requests.isEmpty })
      other.end()
      _ = try await task.value
      #expect(temporary.store.isInstalled(.standard))
    }
  }

  @Test(
    "Waiting for another process can be cancelled",
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/perl")))
  func cancelledWait() async throws {
    try await TestHub.run([SampleModels.base: SampleModels.standard]) { hub in
      let other = try LockingProcess(temporary.url.appending(path: ".locks/standard.lock"))
      let events = Events()
      let task = Task { [store = temporary.store] in
        try await store.pull(.named("standard"), from: hub.configuration(), report: events.report)
      }
      #expect(try await events.wait { if case .waiting = $0 { true } else { false } })
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
      other.end()
    }
  }
}

/// Another process that holds a lock until it is told to end.
private final class LockingProcess {
  private let process = Process()
  private let input = Pipe()

  var identifier: Int32 { process.processIdentifier }

  init(_ lock: URL) throws {
    try FileManager.default.createDirectory(
      at: lock.deletingLastPathComponent(), withIntermediateDirectories: true)
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/perl")
    process.arguments = [
      "-e",
      """
      use Fcntl ":flock"; $| = 1;
      open(my $file, ">", $ARGV[0]) or die; flock($file, LOCK_EX) or die;
      syswrite($file, "$$\\n"); print "locked\\n"; <STDIN>;
      """, lock.path,
    ]
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    _ = try output.fileHandleForReading.read(upToCount: 7)
  }

  deinit { end() }

  func end() {
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
  }
}
