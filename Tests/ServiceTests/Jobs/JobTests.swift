import Audio
import Chatterbox
import Foundation
import Testing

@testable import Service

@Suite("Jobs")
struct JobTests {
  private static let text = (1...12).map { "This is sentence number \($0), and it is spoken." }.joined(
    separator: " ")

  private func submit(_ test: TestNode, _ text: String = text, seed: UInt64 = 5, key: String? = nil)
    async throws -> Job
  {
    var request = SpeechRequest(text: text, model: "starter")
    request.seed = seed
    return try await test.node.jobs.submit(
      request, format: .flac, caller: "a", idempotencyKey: key, webhook: nil)
  }

  /// Runs the jobs of a node until a condition holds, then ends as a crash would: without a word.
  private func run(_ test: TestNode, until condition: () async throws -> Bool) async throws {
    let runner = Task { await test.node.jobs.runner?.run() }
    try await eventually(condition)
    runner.cancel()
    await runner.value
  }

  private func status(_ test: TestNode, _ id: String) async throws -> Job.Status {
    try await test.node.jobs.job(id).status
  }

  private func bytes(_ test: TestNode, _ job: Job) async throws -> [UInt8] {
    let job = try await test.node.jobs.job(job.id)
    let audio = try #require(job.result)
    return try await test.node.storage.read(audio, range: 0..<audio.byteCount)
  }

  @Test("are spoken, and their audio is in storage")
  func spoken() async throws {
    let test = try TestNode()
    let job = try await submit(test)
    #expect(job.status == .queued)
    try await run(test) { try await status(test, job.id) == .done }
    let done = try await test.node.jobs.job(job.id)
    #expect(done.progress.share == 1)
    let audio = try AudioFileReader.read(try await bytes(test, job))
    #expect(abs(audio.duration - done.progress.duration) < 0.01)
    #expect(!FileManager.default.fileExists(atPath: test.node.folders.spool(of: job.id).path))
  }

  @Test("that were cut off go on where they were, and end byte for byte as if nothing had happened")
  func resumed() async throws {
    let undisturbed = try TestNode()
    let reference = try await submit(undisturbed)
    try await run(undisturbed) { try await status(undisturbed, reference.id) == .done }

    let first = try TestNode()
    let job = try await submit(first)
    try await run(first) { try await first.node.jobs.job(job.id).progress.piece >= 4 }
    let before = try await first.node.jobs.job(job.id)
    try #require(before.status == .queued && before.progress.share < 1)
    // What a crash leaves: samples that the database does not know of.
    let spool = first.node.folders.spool(of: job.id)
    let handle = try FileHandle(forWritingTo: spool)
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(repeating: 0xFF, count: 12_345))
    try handle.close()

    let second = try TestNode(in: first.folder)
    try await run(second) { try await status(second, job.id) == .done }
    #expect(try await bytes(second, job) == bytes(undisturbed, reference))
  }

  @Test("that were running when the node was killed are taken up at the next start")
  func killed() async throws {
    let first = try TestNode()
    let job = try await submit(first)
    _ = try await first.database.takeNext(except: [:])
    #expect(try await status(first, job.id) == .running)
    let second = try TestNode(in: first.folder)
    try await run(second) { try await status(second, job.id) == .done }
  }

  @Test("can be cancelled, and resumed")
  func cancelled() async throws {
    let test = try TestNode()
    let job = try await submit(test, longText)
    let runner = Task { await test.node.jobs.runner?.run() }
    try await eventually { try await test.node.jobs.job(job.id).progress.piece >= 1 }
    #expect(try await test.node.jobs.cancel(job.id)?.status == .cancelled)
    #expect(try await status(test, job.id) == .cancelled)
    #expect(await test.running() == 0)
    let piece = try await test.node.jobs.job(job.id).progress.piece
    #expect(try await test.node.jobs.resume(job.id).status == .queued)
    try await eventually { try await test.node.jobs.job(job.id).progress.piece > piece }
    _ = try await test.node.jobs.cancel(job.id)
    runner.cancel()
    await runner.value
    #expect(try await test.node.jobs.cancel(job.id) == nil, "it is forgotten")
    await #expect(throws: JobDesk.Refusal.unknown) { try await test.node.jobs.job(job.id) }
    #expect(!FileManager.default.fileExists(atPath: test.node.folders.spool(of: job.id).path))
  }

  @Test("that cannot be spoken are refused before they are taken on")
  func refused() async throws {
    let test = try TestNode()
    await #expect(throws: ChatterboxError.self) { try await submit(test, "...") }
    #expect(try await test.node.jobs.store.jobs(JobQuery(limit: 10)).isEmpty)
  }

  @Test("of the same idempotency key are the same job")
  func idempotent() async throws {
    let test = try TestNode()
    let first = try await submit(test, key: "order 7")
    let second = try await submit(test, key: "order 7")
    let other = try await submit(test, key: "order 8")
    #expect(first.id == second.id && first.id != other.id)
  }

  @Test("fail with a reason when their samples are gone, and can be resumed no better")
  func damaged() async throws {
    let test = try TestNode()
    let job = try await submit(test)
    try await test.node.jobs.store.change(job.id) { $0.progress.sampleCount = 100 }
    try await run(test) { try await status(test, job.id) == .failed }
    #expect(try await test.node.jobs.job(job.id).failure?.code == "audio_damaged")
  }

  @Test("fail when the disk is full, and go on when there is room again")
  func diskFull() async throws {
    let test = try TestNode()
    let job = try await submit(test)
    let jobs = test.folder.url.appending(path: "jobs")
    try FileManager.default.removeItem(at: jobs)
    try await run(test) { try await status(test, job.id) == .failed }
    #expect(try await test.node.jobs.job(job.id).failure?.code == "output_not_writable")
    try FileManager.default.createDirectory(at: jobs, withIntermediateDirectories: false)
    let later = try TestNode(in: test.folder)
    _ = try await later.node.jobs.resume(job.id)
    try await run(later) { try await status(later, job.id) == .done }
  }

  @Test("say how many go before them, and how long that takes once it is known")
  func place() async throws {
    let test = try TestNode()
    let first = try await submit(test)
    let second = try await submit(test)
    let desk = test.node.jobs
    #expect(try await desk.place(of: first) == QueuePlace(ahead: 0, seconds: nil))
    #expect(try await desk.place(of: second)?.ahead == 1)
    try await desk.store.change(first.id) { job in
      job.status = .done
      job.progress.seconds = 10
    }
    let third = try await submit(test)
    // The second is before it, as long as the first was, and several are spoken at once.
    let place = try #require(try await desk.place(of: third))
    #expect(place.ahead == 1)
    #expect(abs((place.seconds ?? 0) - 10 / Double((desk.runner?.mostAtOnce ?? 0))) < 1e-6)
    #expect(try await desk.place(of: desk.job(first.id)) == nil)
  }

  @Test("of one caller do not keep another's waiting")
  func fair() async throws {
    let test = try TestNode()
    for seed in 0..<5 { _ = try await submit(test, seed: UInt64(seed)) }
    var request = SpeechRequest(text: "Hi.", model: "espeak")
    request.seed = 1
    let other = try await test.node.jobs.submit(
      request, format: .wav, caller: "b", idempotencyKey: nil, webhook: nil)
    let first = try await test.database.takeNext(except: [:])
    #expect(first?.caller == "a")
    #expect(try await test.database.takeNext(except: ["a": 1])?.id == other.id)
  }

  @Test("of one caller do not keep another's waiting, however many they are")
  func fairBeyondMany() async throws {
    let test = try TestNode()
    for seed in 0..<300 { _ = try await submit(test, "Hi.", seed: UInt64(seed)) }
    let other = try await test.node.jobs.submit(
      SpeechRequest(text: "Hi.", model: "espeak"), format: .wav, caller: "b", idempotencyKey: nil,
      webhook: nil)
    #expect(try await test.database.takeNext(except: ["a": 1])?.id == other.id)
  }

  @Test("are refused when too many wait, and taken again when they do not")
  func bounded() async throws {
    let test = try TestNode { $0.queue.capacity = 2 }
    let first = try await submit(test, key: "first")
    _ = try await submit(test)
    await #expect(throws: QueueError.full(capacity: 2, retryAfter: 5)) { _ = try await submit(test) }
    #expect(try await submit(test, key: "first") == first, "it is there already")
    _ = try await test.node.jobs.cancel(first.id)
    _ = try await submit(test)
  }
}

extension TestNode {
  fileprivate var database: DatabaseJobStore { DatabaseJobStore(database: node.database) }
}
