/// Does work that may take so long and no longer.
///
/// - Parameter error: what is thrown when the time is up; the work is cancelled then.
/// - Throws: what the work does, or the error.
package func withTimeLimit<Value: Sendable>(
  _ limit: Duration, throwing error: any Error, _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
  try await withThrowingTaskGroup(of: Value.self) { group in
    group.addTask(operation: work)
    group.addTask {
      try await Task.sleep(for: limit)
      throw error
    }
    defer { group.cancelAll() }
    guard let value = try await group.next() else { throw error }
    return value
  }
}
