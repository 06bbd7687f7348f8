/// Does what needs Redis, and waits for it while it is away or has no room.
///
/// - Parameter patience: how long.
/// - Throws: ``RedisError`` when that lasted; what the work throws; `CancellationError`.
package func persisting<Value>(
  for patience: Duration, _ work: () async throws -> Value
) async throws -> Value {
  let end = ContinuousClock.now + patience
  while true {
    do {
      return try await work()
    } catch let error as RedisError where [.away, .full].contains(error) && .now < end {
      try await Task.sleep(for: .milliseconds(100))
    }
  }
}
