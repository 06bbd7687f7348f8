/// All jobs. What has been written is still there after a crash.
///
/// A driver keeps them: ``DatabaseJobStore`` for one node, ``RedisJobStore`` for many.
package protocol JobStore: Sendable {
  /// Keeps a new job, which waits from then on.
  ///
  /// - Returns: the job; an earlier one if it has the same idempotency key.
  /// - Throws: ``QueueError/full(capacity:retryAfter:)``.
  func add(_ job: Job) async throws -> Job

  func job(_ id: String) async throws -> Job?

  /// Jobs, the latest first.
  func jobs(_ query: JobQuery) async throws -> [Job]

  /// How many jobs go before one that waits, and how much of their text is left, in characters.
  func ahead(of job: Job) async throws -> (count: Int, characters: Double)

  /// Seconds of work a character, of the jobs done last; `nil` when none has been.
  func pace() async throws -> Double?

  /// How many jobs there are, by state.
  func counts() async throws -> [Job.Status: Int]

  /// Changes a job, and says what it was changed to; `nil` when there is none.
  ///
  /// - Parameters:
  ///   - turn: proves that the job is still this node's to speak; `nil` for changes that anybody may make.
  ///   - change: says what is to be different, or nothing at all by leaving it as it is. It may be asked twice.
  /// - Throws: ``JobTurnLost`` when the job is another node's now.
  @discardableResult
  func change(
    _ id: String, holding turn: String?, _ change: @escaping @Sendable (inout Job) -> Void
  ) async throws -> Job?

  /// Writes down how far a job is.
  ///
  /// - Parameter turn: as for ``change(_:holding:_:)``.
  /// - Throws: ``JobTurnLost``.
  func keep(_ progress: Job.Progress, of id: String, holding turn: String?) async throws

  /// Forgets a job, unless it is to be spoken.
  func remove(_ job: Job) async throws

  /// Jobs whose webhooks are due, each for one courier only.
  func claimDue(at time: Double) async throws -> [Job]

  /// Jobs that ended before a time.
  func ended(before time: Double) async throws -> [Job]
}

/// A job is another node's now, or nobody's: what this one made of it does not count.
struct JobTurnLost: Error, Hashable {}

/// Which jobs are asked for.
package struct JobQuery: Hashable, Sendable {
  /// Only those in this state.
  package var status: Job.Status?
  /// Only those of this caller.
  package var caller: String?
  /// How many at most.
  package var limit: Int
  /// How many of the latest are left out.
  package var offset: Int

  package init(status: Job.Status? = nil, caller: String? = nil, limit: Int, offset: Int = 0) {
    (self.status, self.caller, self.limit, self.offset) = (status, caller, limit, offset)
  }
}

extension JobStore {
  /// Changes a job as anybody may.
  @discardableResult
  package func change(_ id: String, _ change: @escaping @Sendable (inout Job) -> Void) async throws -> Job? {
    try await self.change(id, holding: nil, change)
  }
}
