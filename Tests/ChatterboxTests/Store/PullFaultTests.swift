import Chatterbox
import Foundation
import Testing

@Suite("Pulling over a bad connection")
struct PullFaultTests {
  let temporary: TemporaryFolder
  let t3 = "t3_cfg.safetensors"

  init() throws { temporary = try TemporaryFolder() }

  /// Pulls the standard model from a hub where something goes wrong with a file.
  private func pull(
    _ file: String, _ faults: [TestHub.Fault], attempts: Int = 4
  ) async throws -> (events: Events, requests: [TestHub.Request], error: ModelStoreError?) {
    try await TestHub.run([SampleModels.base: SampleModels.standard]) { hub in
      hub.change { $0.faults[file] = faults }
      let events = Events()
      let error = await storeError {
        _ = try await temporary.store.pull(
          .named("standard"), from: hub.configuration(attempts: attempts), report: events.report)
      }
      return (events, hub.requests(of: file).filter(\.isContent), error)
    }
  }

  private func expectInstalled(sourceLocation: SourceLocation = #_sourceLocation) {
    for (name, bytes) in SampleModels.standard {
      #expect(temporary.bytes("standard", name) == bytes, "\(name)", sourceLocation: sourceLocation)
    }
  }

  @Test("A cut connection goes on where it stopped, more often than attempts without progress may fail")
  func cuts() async throws {
    let cuts = Array(repeating: TestHub.Fault.cut(after: 8_000), count: 5)
    let result = try await pull(t3, cuts, attempts: 3)
    #expect(result.error == nil)
    expectInstalled()
    #expect(
      result.requests.map { $0.headers["range"] } == [
        nil, "bytes=8000-", "bytes=16000-", "bytes=24000-", "bytes=32000-", "bytes=40000-",
      ])
    #expect(
      result.requests.dropFirst().allSatisfy { $0.headers["if-range"]?.hasPrefix("\"content-") == true })
    #expect(result.events.all.contains { if case .retrying(t3, _, _) = $0 { true } else { false } })
  }

  @Test("A connection that always breaks ends with a clear error, and the next pull goes on")
  func alwaysCut() async throws {
    let result = try await pull(
      t3, [.cut(after: 8_000)] + Array(repeating: .cut(after: 0), count: 3), attempts: 3)
    #expect(result.error?.code == .unreachable)
    #expect(!temporary.store.isInstalled(.standard))
    let next = try await pull(t3, [])
    #expect(next.requests.map { $0.headers["range"] } == ["bytes=8000-"])
    expectInstalled()
  }

  @Test("A corrupt byte is noticed, and the file is fetched anew")
  func corrupt() async throws {
    let result = try await pull(t3, [.corrupt(at: 31_415)])
    #expect(result.error == nil)
    #expect(result.events.all.contains(.restarting(file: t3)))
    #expect(result.requests.count == 2)
    expectInstalled()
  }

  @Test("A small file's git checksum is checked too")
  func corruptSmall() async throws {
    let result = try await pull("tokenizer.json", [.corrupt(at: 7)])
    #expect(result.events.all.contains(.restarting(file: "tokenizer.json")))
    expectInstalled()
  }

  @Test("A file that is corrupt twice is an error that names it, and no version appears")
  func corruptTwice() async throws {
    let result = try await pull(t3, [.corrupt(at: 0), .corrupt(at: 0)])
    #expect(result.error?.code == .damaged)
    #expect(result.error?.message.contains(t3) == true)
    #expect(temporary.store.installedModels.isEmpty)
  }

  @Test("Corruption before a cut is noticed although both halves arrive")
  func corruptResumed() async throws {
    try await TestHub.run([SampleModels.base: SampleModels.standard]) { hub in
      hub.fail(t3, .stall(after: 20_000))
      try await cancelMidway(hub)
      let part = try #require(partialFile())
      var bytes = Array(try Data(contentsOf: part))
      bytes[10] ^= 1
      try Data(bytes).write(to: part)
      let events = Events()
      _ = try await temporary.store.pull(.named("standard"), from: hub.configuration(), report: events.report)
      #expect(events.all.contains(.restarting(file: t3)))
      expectInstalled()
    }
  }

  @Test("A cancelled pull leaves nothing visible, and the next goes on where it stopped")
  func cancellation() async throws {
    try await TestHub.run([SampleModels.base: SampleModels.standard]) { hub in
      hub.fail(t3, .stall(after: 20_000))
      try await cancelMidway(hub)
      #expect(temporary.store.installedModels.isEmpty)
      #expect(partialFile()?.lastPathComponent == "\(t3).part")
      _ = try await temporary.store.pull(.named("standard"), from: hub.configuration())
      #expect(hub.requests(of: t3).last?.headers["range"] == "bytes=20000-")
      #expect(hub.requests(of: "conds.pt").filter(\.isContent).count == 1)
      expectInstalled()
    }
  }

  private func cancelMidway(_ hub: TestHub) async throws {
    let events = Events()
    let task = Task { [store = temporary.store] in
      try await store.pull(.named("standard"), from: hub.configuration(), report: events.report)
    }
    let hasStarted = try await events.wait { event in
      if case .progress(let progress) = event { progress.file == t3 && progress.bytes > 0 } else { false }
    }
    #expect(hasStarted)
    while partialFile()?.size != 20_000 { try await Task.sleep(for: .milliseconds(5)) }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  private func partialFile() -> URL? {
    let files = FileManager.default.enumerator(atPath: temporary.path("standard"))?.compactMap {
      $0 as? String
    }
    return files?.first { $0.hasSuffix(".part") }.map { temporary.url.appending(path: "standard/\($0)") }
  }

  @Test("A server that ignores ranges sends the whole file, which replaces what was here")
  func ignoredRange() async throws {
    let result = try await pull(t3, [.cut(after: 8_000), .ignoreRange])
    #expect(result.error == nil)
    #expect(!result.events.all.contains(.restarting(file: t3)))
    expectInstalled()
  }

  @Test("A file that changed meanwhile is fetched from its beginning")
  func changedMeanwhile() async throws {
    let result = try await pull(t3, [.older(cut: 8_000)])
    #expect(result.requests.last?.headers["if-range"] == "\"older\"")
    #expect(!result.events.all.contains(.restarting(file: t3)))
    expectInstalled()
  }

  @Test("A part of the file that was not asked for is not joined")
  func wrongRange() async throws {
    let result = try await pull(t3, [.cut(after: 8_000), .wrongRange])
    #expect(result.error == nil)
    expectInstalled()
  }

  @Test("A server that sends more than it announced is cut off")
  func tooLong() async throws {
    let once = try await pull(t3, [.tooLong])
    #expect(once.events.all.contains(.restarting(file: t3)))
    expectInstalled()
  }

  @Test("A server that always sends too much is an error")
  func alwaysTooLong() async throws {
    let result = try await pull(t3, [.tooLong, .tooLong])
    #expect(result.error?.code == .damaged)
  }

  @Test(
    "A busy or failing server is asked again",
    arguments: [429, 500, 502, 503, 504, 408] as [UInt])
  func busy(status: UInt) async throws {
    let result = try await pull(t3, [.status(status, [("Retry-After", "1")]), .cut(after: 100)])
    #expect(result.error == nil)
    expectInstalled()
  }

  @Test("An expired address of the content server is asked for again")
  func expired() async throws {
    let result = try await pull(t3, [.cut(after: 100), .status(403)])
    #expect(result.error == nil)
    expectInstalled()
  }

  @Test("A server that stays busy ends after the attempts allowed")
  func alwaysBusy() async throws {
    let result = try await pull(t3, Array(repeating: .status(503), count: 9), attempts: 3)
    #expect(result.error?.code == .unreachable)
    #expect(result.error?.message.contains("503") == true)
    #expect(result.requests.count == 3)
  }

  @Test(
    "A hub that says two different things of a file is not believed",
    arguments: [
      ("X-Linked-Size", "12"), ("X-Linked-Etag", "\"" + String(repeating: "a", count: 64) + "\""),
      ("X-Repo-Commit", String(repeating: "b", count: 40)),
    ])
  func contradiction(name: String, value: String) async throws {
    let result = try await pull(t3, [.header(name, value)])
    #expect(result.error?.code == .unexpectedAnswer)
    #expect(!temporary.store.isInstalled(.standard))
  }
}

extension URL {
  /// A file's size in bytes.
  fileprivate var size: Int? {
    (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber)?.intValue
  }
}
