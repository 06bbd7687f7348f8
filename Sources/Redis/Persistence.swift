/// Does what needs Redis, and waits for it while it is away.
///
/// - Parameter patience: how long.
/// - Throws: ``RedisError/away`` when it stayed away; what the work throws; `CancellationError`.
package func persisting<Value>(
  for patience: Duration, _ work: () async throws -> Value
) async throws -> Value {
  let end = ContinuousClock.now + patience
  while true {
    do {
      return try await work()
    } catch RedisError.away where .now < end {
      try await Task.sleep(for: .milliseconds(100))
    }
  }
}
