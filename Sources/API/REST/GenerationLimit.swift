import Synchronization

/// Bounds how much is spoken at a time: one more is refused at once rather than kept waiting for long.
final class GenerationLimit: Sendable {
  private let free: Mutex<Int>

  init(_ limit: Int) {
    free = Mutex(limit)
  }

  /// Does the work if there is room for it.
  ///
  /// - Throws: ``APIError/busy`` if there is none; what the work throws.
  func run<Value>(_ work: () async throws -> Value) async throws -> Value {
    let isAdmitted = free.withLock { free in
      guard free > 0 else { return false }
      free -= 1
      return true
    }
    guard isAdmitted else { throw APIError.busy }
    defer { free.withLock { $0 += 1 } }
    return try await work()
  }
}
