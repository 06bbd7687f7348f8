package import Chatterbox
package import Foundation

/// Who may speak next: the order in which requests get their turn.
///
/// A driver keeps the order; ``MemoryQueue`` does so for one node.
package protocol SpeechQueue: Sendable {
  /// Takes a place at the end of the line.
  ///
  /// - Throws: ``QueueError`` when the queue is full or closed.
  func enter(_ ticket: QueueTicket) async throws(QueueError)

  /// Waits until it is a ticket's turn. Every turn that came must end with ``leave(_:)``.
  ///
  /// - Throws: ``QueueError`` when its deadline passed first; `CancellationError`.
  func turn(of ticket: QueueTicket) async throws

  /// Gives the turn back, or the place in the line.
  func leave(_ ticket: QueueTicket) async

  /// Where a ticket stands; `nil` once it is its turn, or when it is not known.
  func place(of ticket: QueueTicket) async -> QueuePlace?

  /// How busy it is.
  func status() async -> QueueStatus

  /// Lets nobody in any more; those in line still get their turn.
  func close() async
}

/// A request's place in the line.
package struct QueueTicket: Hashable, Sendable {
  package let id: UUID
  package let priority: SpeechPriority
  /// Whose request it is: callers take turns.
  package let caller: String
  /// How much work it is, in characters.
  package let cost: Int
  /// When nobody waits for it any more.
  package let deadline: ContinuousClock.Instant?

  package init(
    priority: SpeechPriority, caller: String, cost: Int, deadline: ContinuousClock.Instant? = nil
  ) {
    id = UUID()
    self.priority = priority
    self.caller = caller
    self.cost = max(1, cost)
    self.deadline = deadline
  }
}

/// Where a ticket stands.
package struct QueuePlace: Codable, Hashable, Sendable {
  /// How many go before it.
  package let ahead: Int
  /// Seconds until its turn, as things go; `nil` while nothing is known.
  package let seconds: Double?
}

/// How busy a queue is.
package struct QueueStatus: Codable, Hashable, Sendable {
  /// How many wait, by priority.
  package let waiting: [SpeechPriority: Int]
  /// How many have their turn.
  package let running: Int

  package var depth: Int { waiting.values.reduce(0, +) }
}

/// Why a request got no turn.
package enum QueueError: Error, Hashable, Sendable {
  /// As many wait as may.
  case full(capacity: Int, retryAfter: Int)
  /// The node is stopping.
  case closed
  /// The deadline passed while it waited.
  case deadlinePassed
  /// It was begun several times, and each time its node died.
  case givenUp
}

extension SpeechQueue {
  /// Does work when it is a ticket's turn, which has entered.
  ///
  /// - Throws: as ``turn(of:)`` and the work do.
  func run<Value: Sendable>(
    _ ticket: QueueTicket, _ work: @Sendable () async throws -> Value
  ) async throws -> Value {
    do {
      try await turn(of: ticket)
      let value = try await work()
      await leave(ticket)
      return value
    } catch {
      await leave(ticket)
      throw error
    }
  }
}
