import Synchronization

/// Whether a node takes requests, and what it is at work on.
package final class NodeLifecycle: Sendable {
  package enum Phase: String, Sendable {
    /// Models are being loaded.
    case starting
    case running
    /// What has begun is finished; nothing new is taken.
    case stopping
  }

  private struct State {
    var phase = Phase.starting
    var nextID = 0
    var work: [Int: Task<Void, Never>] = [:]
    /// What is about to begin.
    var holds = 0
  }

  private let state = Mutex(State())

  package var phase: Phase { state.withLock(\.phase) }

  /// Goes on to the next phase; a node that stops does not run again.
  package func enter(_ phase: Phase) {
    state.withLock { state in
      if state.phase != .stopping { state.phase = phase }
    }
  }

  /// Whether nothing is under way.
  package var isIdle: Bool { state.withLock { $0.work.isEmpty && $0.holds == 0 } }

  /// Does what leads to work, which a stopping node waits for from here on.
  ///
  /// - Throws: ``QueueError/closed`` when the node is stopping; what the work does.
  func holding<Value>(_ work: () async throws -> Value) async throws -> Value {
    let isOpen = state.withLock { state in
      guard state.phase != .stopping else { return false }
      state.holds += 1
      return true
    }
    guard isOpen else { throw QueueError.closed }
    defer { state.withLock { $0.holds -= 1 } }
    return try await work()
  }

  /// Starts work that a stopping node waits for.
  func begin(_ start: @Sendable () -> Task<Void, Never>) -> Task<Void, Never> {
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    let work = start()
    state.withLock { $0.work[id] = work }
    Task {
      await work.value
      state.withLock { $0.work[id] = nil }
    }
    return work
  }

  /// Ends all that is under way.
  package func cancelWork() {
    for work in state.withLock({ Array($0.work.values) }) { work.cancel() }
  }
}
