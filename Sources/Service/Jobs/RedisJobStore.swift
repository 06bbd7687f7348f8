import Chatterbox
import Foundation
import Redis

/// The jobs of many nodes, in the Redis that they share. What a job is, is one hash; where it stands, sorted sets.
package struct RedisJobStore: JobStore {
  /// How long a webhook's courier has before another one may try.
  private static let courierSeconds = 60
  /// Jobs that are read at once.
  private static let blockSize = 200

  private let redis: RedisClient
  private let queue: ClusterQueue

  package init(queue: ClusterQueue) {
    redis = queue.redis
    self.queue = queue
  }

  package func add(_ job: Job) async throws -> Job {
    let request = job.order.request
    let answer = try await redis.begin(
      JobScripts.addJob, job.id, job.idempotencyKey ?? "", job.caller, job.created, try Self.record(job),
      (request.priority ?? .batch).rawValue, max(1, request.text.count), queue.capacity
    ).elements.first?.text
    if answer == "full" { throw QueueError.full(capacity: queue.capacity, retryAfter: 5) }
    if answer == job.id { return job }
    guard let answer, let earlier = try await self.job(answer) else { throw ClusterError.unreadable }
    return earlier
  }

  package func job(_ id: String) async throws -> Job? {
    try await jobs([id]).first
  }

  package func jobs(_ query: JobQuery) async throws -> [Job] {
    let set =
      query.caller.map(RedisKey.jobs(of:)) ?? query.status.map(RedisKey.jobs(_:)) ?? RedisKey.jobs
    var found: [Job] = []
    var offset = 0
    while found.count < query.offset + query.limit {
      let ids = try await redis.send(
        RedisCommand("ZREVRANGE", set, offset, offset + Self.blockSize - 1)
      ).elements.compactMap(\.text)
      found += try await jobs(ids).filter { query.status == nil || $0.status == query.status }
      offset += Self.blockSize
      if ids.count < Self.blockSize { break }
    }
    return Array(found.dropFirst(query.offset).prefix(query.limit))
  }

  package func ahead(of job: Job) async throws -> (count: Int, characters: Double) {
    let ahead = try await queue.ahead(of: job.id)
    return (ahead?.count ?? 0, Double(ahead?.characters ?? 0))
  }

  package func pace() async throws -> Double? {
    let ids = try await redis.send(RedisCommand("ZREVRANGE", RedisKey.jobs(.done), 0, 19)).elements
    guard !ids.isEmpty else { return nil }
    let done = try await redis.pipeline(
      ids.compactMap(\.text).map { RedisCommand("HMGET", RedisKey.job($0), "cost", "progress") })
    let (characters, seconds) = done.map(\.elements).reduce((0, 0.0)) { sum, fields in
      guard fields.count == 2, let cost = fields[0].integer, let progress = Self.progress(fields[1]) else {
        return sum
      }
      return (sum.0 + cost, sum.1 + progress.seconds)
    }
    return characters > 0 ? seconds / Double(characters) : nil
  }

  package func counts() async throws -> [Job.Status: Int] {
    let counts = try await redis.pipeline(
      Job.Status.allCases.map { RedisCommand("ZCARD", RedisKey.jobs($0)) })
    return Dictionary(
      uniqueKeysWithValues: zip(Job.Status.allCases, counts.map { $0.integer ?? 0 }).filter { $0.1 > 0 })
  }

  package func change(
    _ id: String, holding turn: String?, _ change: @escaping @Sendable (inout Job) -> Void
  ) async throws -> Job? {
    while true {
      let fields = try await redis.send(
        RedisCommand("HMGET", RedisKey.job(id), "record", "progress", "version")
      ).elements
      guard let old = Self.job(fields), let version = fields.last?.text else { return nil }
      var job = old
      change(&job)
      guard job != old else { return old }
      job.updated = Date.now.timeIntervalSince1970
      let isDue = job.status == .done || job.status == .failed
      let due = isDue ? job.webhook?.nextAttempt.map { "\($0)" } : nil
      let answer = try await redis.run(
        JobScripts.changeJob, id, version, try Self.record(job), try JSONEncoder().encode(job.progress),
        job.status.rawValue, job.updated, due ?? "", turn ?? "")
      switch answer.integer {
      case -1: continue
      case -2: throw JobTurnLost()
      default: return job
      }
    }
  }

  package func keep(_ progress: Job.Progress, of id: String, holding turn: String?) async throws {
    let answer = try await redis.run(
      JobScripts.keepProgress, id, turn ?? "", try JSONEncoder().encode(progress))
    if answer.integer == -2 { throw JobTurnLost() }
  }

  package func remove(_ job: Job) async throws {
    try await redis.run(JobScripts.removeJob, job.id, job.idempotencyKey ?? "")
  }

  package func claimDue(at time: Double) async throws -> [Job] {
    let ids = try await redis.run(JobScripts.claimWebhooks, time, Self.courierSeconds).elements
    return try await jobs(ids.compactMap(\.text))
  }

  package func ended(before time: Double) async throws -> [Job] {
    let ids = try await redis.send(
      RedisCommand("ZRANGEBYSCORE", RedisKey.endedJobs, "-inf", "(\(time)", "LIMIT", 0, Self.blockSize))
    return try await jobs(ids.elements.compactMap(\.text))
  }

  /// Jobs that say they are to be spoken, and that the line has forgotten: their node died in the middle of it.
  func forgotten() async throws -> [Job] {
    var ids: [String] = []
    for status in [Job.Status.running, .queued] {
      ids += try await redis.send(
        RedisCommand("ZRANGE", RedisKey.jobs(status), 0, Self.blockSize - 1)
      ).elements.compactMap(\.text)
    }
    guard !ids.isEmpty else { return [] }
    let items = try await redis.pipeline(ids.map { RedisCommand("EXISTS", RedisKey.item($0)) })
    return try await jobs(zip(ids, items).filter { $0.1.integer == 0 }.map(\.0))
  }

  private func jobs(_ ids: [String]) async throws -> [Job] {
    guard !ids.isEmpty else { return [] }
    return try await redis.pipeline(
      ids.map { RedisCommand("HMGET", RedisKey.job($0), "record", "progress") }
    ).compactMap { Self.job($0.elements) }
  }

  private static func record(_ job: Job) throws -> Data { try JSONEncoder().encode(job) }

  /// A job of its record, then its progress, which is not there before it is first changed.
  private static func job(_ fields: [RedisReply]) -> Job? {
    guard fields.count >= 2, let record = fields[0].bytes,
      var job = try? JSONDecoder().decode(Job.self, from: Data(record))
    else { return nil }
    // What is written when it ends has all of it.
    if !job.status.isFinal { job.progress = progress(fields[1]) ?? job.progress }
    return job
  }

  private static func progress(_ reply: RedisReply) -> Job.Progress? {
    reply.bytes.flatMap { try? JSONDecoder().decode(Job.Progress.self, from: Data($0)) }
  }
}
