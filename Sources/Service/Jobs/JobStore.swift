import Foundation
import GRDB

/// All jobs. What has been written is still there after a crash.
package struct JobStore: Sendable {
  let database: NodeDatabase

  /// Keeps a new job.
  ///
  /// - Returns: the job; an earlier one if it has the same idempotency key.
  package func add(_ job: Job) async throws -> Job {
    try await database.pool.write { database in
      if let key = job.idempotencyKey,
        let earlier = try Job.filter(Column("idempotencyKey") == key).fetchOne(database)
      {
        return earlier
      }
      try job.insert(database)
      return job
    }
  }

  package func job(_ id: String) async throws -> Job? {
    try await database.pool.read { try Job.fetchOne($0, key: id) }
  }

  /// Jobs, the latest first.
  ///
  /// - Parameters:
  ///   - status: only those in this state.
  ///   - limit: how many at most.
  ///   - offset: how many of the latest are left out.
  package func jobs(status: Job.Status? = nil, limit: Int, offset: Int = 0) async throws -> [Job] {
    try await database.pool.read { database in
      var request = Job.order(Column("created").desc, Column("id"))
      if let status { request = request.filter(Column("status") == status.rawValue) }
      return try request.limit(limit, offset: offset).fetchAll(database)
    }
  }

  /// How many jobs go before one that waits, and how much of their text is left, in characters.
  func ahead(of job: Job) async throws -> (count: Int, characters: Double) {
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

  /// Seconds of work a character, of the jobs done last; `nil` when none has been.
  func pace() async throws -> Double? {
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

  /// How many jobs there are, by state.
  package func counts() async throws -> [Job.Status: Int] {
    try await database.pool.read { database in
      let rows = try Row.fetchAll(database, sql: "SELECT status, COUNT(*) AS count FROM job GROUP BY status")
      return Dictionary(
        rows.compactMap { row in Job.Status(rawValue: row["status"]).map { ($0, row["count"]) } },
        uniquingKeysWith: +)
    }
  }

  /// Changes a job, and says what it was changed to; `nil` when there is none.
  ///
  /// - Parameter change: says what is to be different, or nothing at all by leaving it as it is.
  @discardableResult
  package func change(_ id: String, _ change: @escaping @Sendable (inout Job) -> Void) async throws -> Job? {
    try await database.pool.write { database in
      guard let old = try Job.fetchOne(database, key: id) else { return nil }
      var job = old
      change(&job)
      guard job != old else { return old }
      job.updated = Date.now.timeIntervalSince1970
      try job.update(database)
      return job
    }
  }

  func remove(_ id: String) async throws {
    _ = try await database.pool.write { try Job.deleteOne($0, key: id) }
  }

  /// Takes the next job that waits, of the caller who has fewest at work, and calls it running.
  func takeNext(except running: [String: Int]) async throws -> Job? {
    try await database.pool.write { database in
      let waiting = try Job.filter(Column("status") == Job.Status.queued.rawValue)
        .order(Column("created"), Column("id")).limit(200).fetchAll(database)
      let next = waiting.min { running[$0.caller, default: 0] < running[$1.caller, default: 0] }
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

  /// Jobs whose webhooks are due.
  func due(at time: Double) async throws -> [Job] {
    try await database.pool.read { database in
      try Job.filter(
        sql: "json_extract(webhook, '$.nextAttempt') <= ? AND status IN ('done', 'failed')", arguments: [time]
      ).fetchAll(database)
    }
  }

  /// The ids of jobs that ended before a time.
  func ended(before time: Double) async throws -> [Job] {
    try await database.pool.read { database in
      try Job.filter(
        sql: "updated < ? AND status IN ('done', 'failed', 'cancelled')", arguments: [time]
      ).fetchAll(database)
    }
  }
}
