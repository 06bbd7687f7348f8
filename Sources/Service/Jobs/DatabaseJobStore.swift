import Foundation
import GRDB

/// The jobs of one node, in its database.
package struct DatabaseJobStore: JobStore {
  let database: NodeDatabase
  /// How many jobs may wait.
  var capacity = Int.max

  private static let hasEnded = "status IN ('done', 'failed', 'cancelled')"

  package func add(_ job: Job) async throws -> Job {
    try await database.pool.write { database in
      if let key = job.idempotencyKey,
        let earlier = try Job.filter(Column("idempotencyKey") == key).fetchOne(database)
      {
        return earlier
      }
      guard try Job.filter(Column("status") == Job.Status.queued.rawValue).fetchCount(database) < capacity
      else {
        throw QueueError.full(capacity: capacity, retryAfter: 5)
      }
      try job.insert(database)
      return job
    }
  }

  package func job(_ id: String) async throws -> Job? {
    try await database.pool.read { try Job.fetchOne($0, key: id) }
  }

  package func jobs(_ query: JobQuery) async throws -> [Job] {
    try await database.pool.read { database in
      var request = Job.order(Column("created").desc, Column("id"))
      if let caller = query.caller { request = request.filter(Column("caller") == caller) }
      if let status = query.status { request = request.filter(Column("status") == status.rawValue) }
      return try request.limit(query.limit, offset: query.offset).fetchAll(database)
    }
  }

  package func ahead(of job: Job) async throws -> (count: Int, characters: Double) {
    try await database.pool.read { database in
      let row = try Row.fetchOne(
        database,
        sql: """
          SELECT COUNT(*) AS count,
            SUM(length(json_extract("order", '$.request.text')) * (1 - json_extract(progress, '$.share'))) AS rest
          FROM job WHERE status = 'running' OR (status = 'queued' AND (created, id) < (?, ?))
          """, arguments: [job.created, job.id])
      return (row?["count"] ?? 0, row?["rest"] ?? 0)
    }
  }

  package func pace() async throws -> Double? {
    try await database.pool.read { database in
      try Double.fetchOne(
        database,
        sql: """
          SELECT CAST(SUM(seconds) AS REAL) / SUM(characters) FROM (
            SELECT json_extract(progress, '$.seconds') AS seconds,
              length(json_extract("order", '$.request.text')) AS characters
            FROM job WHERE status = 'done' ORDER BY updated DESC LIMIT 20)
          """)
    }
  }

  package func counts() async throws -> [Job.Status: Int] {
    try await database.pool.read { database in
      let rows = try Row.fetchAll(database, sql: "SELECT status, COUNT(*) AS count FROM job GROUP BY status")
      return Dictionary(
        rows.compactMap { row in Job.Status(rawValue: row["status"]).map { ($0, row["count"]) } },
        uniquingKeysWith: +)
    }
  }

  package func change(
    _ id: String, holding turn: String?, _ change: @escaping @Sendable (inout Job) -> Void
  ) async throws -> Job? {
    try await database.pool.write { database in
      guard let old = try Job.fetchOne(database, key: id) else { return nil }
      var job = old
      change(&job)
      guard job != old else { return old }
      job.updated = Date.now.timeIntervalSince1970
      try job.updateChanges(database, from: old)
      return job
    }
  }

  package func keep(_ progress: Job.Progress, of id: String, holding turn: String?) async throws {
    _ = try await change(id, holding: turn) { $0.progress = progress }
  }

  package func remove(_ job: Job) async throws {
    _ = try await database.pool.write { database in
      try Job.filter(sql: "id = ? AND \(Self.hasEnded)", arguments: [job.id]).deleteAll(database)
    }
  }

  /// Takes the next job that waits, of the caller who has fewest at work, and calls it running.
  func takeNext(except running: [String: Int]) async throws -> Job? {
    try await database.pool.write { database in
      // Each caller's first. SQLite takes the other columns from the row that has the least.
      let first = try Job.fetchAll(
        database, sql: "SELECT *, MIN(created) FROM job WHERE status = 'queued' GROUP BY caller")
      let next = first.min {
        (running[$0.caller, default: 0], $0.created) < (running[$1.caller, default: 0], $1.created)
      }
      guard var job = next else { return nil }
      job.status = .running
      try job.update(database)
      return job
    }
  }

  /// Puts jobs that were at work when the node ended back into the line.
  func requeue() async throws {
    try await database.pool.write { database in
      try database.execute(
        sql: "UPDATE job SET status = ? WHERE status = ?",
        arguments: [Job.Status.queued.rawValue, Job.Status.running.rawValue])
    }
  }

  package func claimDue(at time: Double) async throws -> [Job] {
    try await database.pool.read { database in
      try Job.filter(
        sql: "json_extract(webhook, '$.nextAttempt') <= ? AND status IN ('done', 'failed')", arguments: [time]
      ).fetchAll(database)
    }
  }

  package func ended(before time: Double) async throws -> [Job] {
    try await database.pool.read { database in
      try Job.filter(sql: "updated < ? AND \(Self.hasEnded)", arguments: [time]).fetchAll(database)
    }
  }
}
