import Audio
import Chatterbox
import Foundation
import Redis
import Testing

@testable import Service

@Suite("Jobs in Redis", .enabled(if: RedisServer.program != nil))
struct RedisJobStoreTests {
  private func job(_ text: String = "Hi.", caller: String = "a", key: String? = nil) -> Job {
    var request = SpeechRequest(text: text, model: "espeak")
    request.seed = 1
    return Job(Job.Order(request: request, format: .wav), caller: caller, idempotencyKey: key)
  }

  private func queue(_ server: RedisServer, capacity: Int = 100) throws -> ClusterQueue {
    ClusterQueue(redis: try server.client, node: "one", capacity: capacity)
  }

  @Test("are kept and wait for their turn, once however often they are sent")
  func added() async throws {
    let server = try await RedisServer()
    let queue = try queue(server)
    let store = RedisJobStore(queue: queue)
    let first = try await store.add(job(key: "a key"))
    #expect(try await store.add(job("Another.", key: "a key")) == first)
    #expect(try await store.add(job(key: "b key")).id != first.id)
    #expect(try await store.job(first.id) == first)
    #expect(try await store.job("none") == nil)
    #expect(try await queue.status().waiting == [.batch: 2])
    let turn = try #require(try await queue.take([.batch]))
    #expect(turn.id == first.id && turn.work == .job)
  }

  @Test("are refused when too many wait")
  func full() async throws {
    let server = try await RedisServer()
    let store = RedisJobStore(queue: try queue(server, capacity: 1))
    _ = try await store.add(job())
    await #expect(throws: QueueError.full(capacity: 1, retryAfter: 5)) { try await store.add(job()) }
  }

  @Test("that were refused while Redis hung are not spoken once it goes on")
  func refused() async throws {
    let server = try await RedisServer()
    let queue = try queue(server)
    let store = RedisJobStore(queue: queue)
    let first = try await store.add(job())
    server.hang()
    await #expect(throws: RedisError.away) { try await store.add(job("Another.")) }
    server.goOn()
    try await eventually { (try? await queue.status()) != nil }
    #expect(try await store.jobs(JobQuery(limit: 10)) == [first])
    #expect(try await queue.status().waiting == [.batch: 1])
  }

  @Test("lose no change when many change them at once")
  func changed() async throws {
    let server = try await RedisServer()
    let store = RedisJobStore(queue: try queue(server))
    let id = try await store.add(job()).id
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<20 { group.addTask { try await store.change(id) { $0.progress.piece += 1 } } }
      try await group.waitForAll()
    }
    #expect(try await store.job(id)?.progress.piece == 20)
    #expect(try await store.change("none") { $0.status = .done } == nil)
  }

  @Test("end once: a node that lost its turn changes nothing any more")
  func fenced() async throws {
    let server = try await RedisServer()
    let queue = try queue(server)
    let store = RedisJobStore(queue: queue)
    let id = try await store.add(job()).id
    let first = try #require(try await queue.take([.batch]))
    _ = try await store.change(id, holding: first.entry) { $0.status = .running }
    try await Task.sleep(for: .milliseconds(20))
    #expect(try await queue.reclaim(lease: .milliseconds(10), mostTries: 3, cursor: "0-0").again == [id])
    let second = try #require(try await queue.take([.batch]))
    await #expect(throws: JobTurnLost()) {
      _ = try await store.change(id, holding: first.entry) { $0.status = .done }
    }
    #expect(try await store.change(id, holding: second.entry) { $0.status = .done }?.status == .done)
    await #expect(throws: JobTurnLost()) {
      _ = try await store.change(id, holding: second.entry) { $0.status = .failed }
    }
    #expect(try await queue.status() == QueueStatus(waiting: [:], running: 0))
    #expect(try await store.counts() == [.done: 1])
  }

  @Test("have their progress written without their text, by the node that has their turn")
  func progress() async throws {
    let server = try await RedisServer()
    let queue = try queue(server)
    let store = RedisJobStore(queue: queue)
    let id = try await store.add(job(String(repeating: "Long. ", count: 1_000))).id
    let turn = try #require(try await queue.take([.batch]))
    _ = try await store.change(id, holding: turn.entry) { $0.status = .running }
    let record = try await queue.redis.send(RedisCommand("HGET", "chatterbox:job:\(id)", "record"))
    var progress = Job.Progress()
    (progress.piece, progress.seconds) = (3, 12)
    try await store.keep(progress, of: id, holding: turn.entry)
    #expect(try await queue.redis.send(RedisCommand("HGET", "chatterbox:job:\(id)", "record")) == record)
    #expect(try await store.job(id)?.progress == progress)
    #expect(try await store.jobs(JobQuery(limit: 1)).first?.progress == progress)
    #expect(try await store.change(id, holding: turn.entry) { $0.status = .done }?.progress == progress)
    #expect(try await store.job(id)?.progress == progress)
    #expect(try await store.pace() == 12.0 / 6_000)
    await #expect(throws: JobTurnLost()) { try await store.keep(progress, of: id, holding: turn.entry) }
  }

  @Test("are not forgotten while they are to be spoken")
  func resumedMeanwhile() async throws {
    let server = try await RedisServer()
    let queue = try queue(server)
    let store = RedisJobStore(queue: queue)
    let job = try await store.add(job(key: "key"))
    try await store.change(job.id) { $0.status = .failed }
    let failed = try #require(try await store.ended(before: .infinity).first)
    try await store.change(job.id) { $0.status = .queued }
    try await store.remove(failed)
    #expect(try await store.job(job.id)?.status == .queued)
    #expect(try await store.add(self.job(key: "key")).id == job.id)
    try await store.change(job.id) { $0.status = .failed }
    try await store.remove(failed)
    #expect(try await store.job(job.id) == nil)
    #expect(try await store.add(self.job(key: "key")).id != job.id, "its key went with it")
  }

  @Test("leave the line when they are cancelled, and enter it again when they are resumed")
  func cancelled() async throws {
    let server = try await RedisServer()
    let queue = try queue(server)
    let store = RedisJobStore(queue: queue)
    let id = try await store.add(job()).id
    try await store.change(id) { $0.status = .cancelled }
    #expect(try await queue.take([.batch]) == nil)
    try await store.change(id) { $0.status = .queued }
    let turn = try #require(try await queue.take([.batch]))
    try await store.change(id) { $0.status = .cancelled }
    #expect(try await !queue.touch(turn), "the node that speaks it hears of it")
  }

  @Test("are listed by state and caller, the latest first, and forgotten")
  func listed() async throws {
    let server = try await RedisServer()
    let store = RedisJobStore(queue: try queue(server))
    var ids: [String] = []
    for index in 0..<5 {
      ids.append(try await store.add(job(caller: index % 2 == 0 ? "a" : "b", key: "\(index)")).id)
      try await Task.sleep(for: .milliseconds(2))
    }
    try await store.change(ids[4]) { $0.status = .failed }
    #expect(try await store.jobs(JobQuery(limit: 10)).map(\.id) == ids.reversed())
    #expect(try await store.jobs(JobQuery(limit: 2, offset: 1)).map(\.id) == [ids[3], ids[2]])
    #expect(try await store.jobs(JobQuery(caller: "b", limit: 10)).map(\.id) == [ids[3], ids[1]])
    #expect(try await store.jobs(JobQuery(status: .failed, limit: 10)).map(\.id) == [ids[4]])
    #expect(
      try await store.jobs(JobQuery(status: .queued, caller: "a", limit: 10)).map(\.id) == [ids[2], ids[0]])
    let ended = try await store.ended(before: Date.now.timeIntervalSince1970 + 1)
    #expect(ended.map(\.id) == [ids[4]])
    try await store.remove(ended[0])
    #expect(try await store.job(ids[4]) == nil)
    #expect(try await store.jobs(JobQuery(limit: 10)).count == 4)
  }

  @Test("have their webhooks sent by one node only")
  func webhooks() async throws {
    let server = try await RedisServer()
    let store = RedisJobStore(queue: try queue(server))
    let id = try await store.add(
      Job(job().order, caller: "a", webhook: "http://127.0.0.1:1/hook")
    ).id
    let now = Date.now.timeIntervalSince1970
    try await store.change(id) { job in
      job.status = .done
      job.webhook?.nextAttempt = now
    }
    #expect(try await store.claimDue(at: now + 1).map(\.id) == [id])
    #expect(try await store.claimDue(at: now + 1).isEmpty)
    #expect(try await store.claimDue(at: now + 100).map(\.id) == [id], "its courier died")
    try await store.change(id) { $0.webhook?.nextAttempt = nil }
    #expect(try await store.claimDue(at: now + 1_000).isEmpty)
  }

  @Test("do not count in their caller's turns when they are cancelled before their turn")
  func uncounted() async throws {
    let server = try await RedisServer()
    let queue = try queue(server)
    let store = RedisJobStore(queue: queue)
    for _ in 0..<3 {
      let id = try await store.add(job(String(repeating: "Long. ", count: 1_000), caller: "a")).id
      try await store.change(id) { $0.status = .cancelled }
    }
    let first = try await store.add(job(caller: "a"))
    _ = try await store.add(job(caller: "b"))
    #expect(try await queue.take([.batch])?.id == first.id)
  }

  @Test("that the line forgot are found")
  func forgotten() async throws {
    let server = try await RedisServer()
    let queue = try queue(server)
    let store = RedisJobStore(queue: queue)
    let id = try await store.add(job()).id
    #expect(try await store.forgotten().isEmpty)
    try await queue.redis.send(RedisCommand("DEL", "chatterbox:item:\(id)"))
    #expect(try await store.forgotten().map(\.id) == [id])
  }
}
