import Chatterbox
import Foundation

/// A queue for one node, in memory.
///
/// Urgent before less urgent. Within a priority callers take turns by how much they ask for (start-time fair
/// queueing, Goyal et al. 1996), so that a thousand requests of one do not keep another's first one waiting.
package actor MemoryQueue: SpeechQueue {
  private struct Waiting {
    let ticket: QueueTicket
    /// When its caller's work before it would be done, in characters that a fair queue has given out.
    let start: Double
    let sequence: Int
    var turn: CheckedContinuation<Void, any Error>?
    var expiry: Task<Void, Never>?
  }

  /// How many may wait; emergencies have as many places again.
  private let capacity: Int
  private let rules: TurnRules
  private var waiting: [UUID: Waiting] = [:]
  private var running: [UUID: (ticket: QueueTicket, since: ContinuousClock.Instant)] = [:]
  private var sequence = 0
  private var isClosed = false
  /// The start of the last one that got its turn, and each caller's next start, by priority.
  private var virtualTime: [SpeechPriority: Double] = [:]
  private var nextStart: [SpeechPriority: [String: Double]] = [:]
  private var pace = ServicePace()

  /// - Parameters:
  ///   - capacity: how many may wait.
  ///   - concurrent: how many have their turn at a time.
  package init(capacity: Int, concurrent: Int) {
    self.capacity = capacity
    rules = TurnRules(concurrent: concurrent)
  }

  package func enter(_ ticket: QueueTicket) throws(QueueError) {
    guard !isClosed else { throw .closed }
    let isEmergency = ticket.priority == .emergency
    let others = waiting.values.count { ($0.ticket.priority == .emergency) == isEmergency }
    guard mayRun(ticket.priority) || others < capacity else {
      throw .full(capacity: capacity, retryAfter: pace.secondsUntilFree(slots: rules.concurrent))
    }
    sequence += 1
    let start = max(
      virtualTime[ticket.priority, default: 0], nextStart[ticket.priority]?[ticket.caller] ?? 0)
    nextStart[ticket.priority, default: [:]][ticket.caller] = start + Double(ticket.cost)
    waiting[ticket.id] = Waiting(ticket: ticket, start: start, sequence: sequence)
    if let deadline = ticket.deadline {
      waiting[ticket.id]?.expiry = Task { [weak self] in
        try? await Task.sleep(until: deadline)
        if !Task.isCancelled { await self?.expire(ticket) }
      }
    }
    admit()
  }

  package func turn(of ticket: QueueTicket) async throws {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        if running[ticket.id] != nil {
          continuation.resume()
        } else if waiting[ticket.id] == nil {
          continuation.resume(throwing: QueueError.deadlinePassed)
        } else if Task.isCancelled {
          continuation.resume(throwing: CancellationError())
        } else {
          waiting[ticket.id]?.turn = continuation
        }
      }
    } onCancel: {
      Task { await withdraw(ticket, CancellationError()) }
    }
  }

  package func leave(_ ticket: QueueTicket) {
    if let (ticket, since) = running.removeValue(forKey: ticket.id) {
      pace.add(since.duration(to: .now) / .seconds(1), cost: ticket.cost)
    } else {
      withdraw(ticket, CancellationError())
    }
    admit()
  }

  package func place(of ticket: QueueTicket) -> QueuePlace? {
    guard let own = waiting[ticket.id] else { return nil }
    let ahead = waiting.values.filter { precedes($0, own) }
    let cost = ahead.reduce(0) { $0 + $1.ticket.cost }
    return QueuePlace(ahead: ahead.count, seconds: pace.seconds(for: cost, slots: rules.concurrent))
  }

  package func status() -> QueueStatus {
    let counts = Dictionary(grouping: waiting.values, by: \.ticket.priority).mapValues(\.count)
    return QueueStatus(waiting: counts, running: running.count)
  }

  package func close() { isClosed = true }

  private func expire(_ ticket: QueueTicket) { withdraw(ticket, QueueError.deadlinePassed) }

  private func withdraw(_ ticket: QueueTicket, _ error: any Error) {
    guard let own = waiting.removeValue(forKey: ticket.id) else { return }
    // What was never spoken counts for nothing in its caller's turns.
    nextStart[ticket.priority]?[ticket.caller]? -= Double(ticket.cost)
    own.expiry?.cancel()
    own.turn?.resume(throwing: error)
  }

  /// Gives turns to those who may have one.
  private func admit() {
    while let next = waiting.values.filter({ mayRun($0.ticket.priority) }).min(by: precedes) {
      waiting[next.ticket.id] = nil
      next.expiry?.cancel()
      running[next.ticket.id] = (next.ticket, .now)
      advance(to: next)
      next.turn?.resume()
    }
  }

  private func advance(to next: Waiting) {
    let priority = next.ticket.priority
    virtualTime[priority] = max(virtualTime[priority, default: 0], next.start)
    // Who is not ahead of the queue's time is as good as new.
    let time = virtualTime[priority, default: 0]
    nextStart[priority] = nextStart[priority]?.filter { $0.value > time }
  }

  private func precedes(_ a: Waiting, _ b: Waiting) -> Bool {
    if a.ticket.priority != b.ticket.priority { return a.ticket.priority < b.ticket.priority }
    return (a.start, a.sequence) < (b.start, b.sequence)
  }

  private func mayRun(_ priority: SpeechPriority) -> Bool {
    rules.allow(priority, beside: running.values.map(\.ticket.priority))
  }
}

/// How fast work is done, as it was lately.
struct ServicePace {
  /// Of the last requests, how much each weighs.
  private static let weight = 0.2
  private var secondsPerCharacter: Double?
  private var secondsPerRequest: Double?

  mutating func add(_ seconds: Double, cost: Int) {
    func mixed(_ old: Double?, _ new: Double) -> Double {
      old.map { $0 + Self.weight * (new - $0) } ?? new
    }
    secondsPerCharacter = mixed(secondsPerCharacter, seconds / Double(max(1, cost)))
    secondsPerRequest = mixed(secondsPerRequest, seconds)
  }

  /// Seconds until this many characters are done; `nil` before the first request.
  func seconds(for cost: Int, slots: Int) -> Double? {
    secondsPerCharacter.map { $0 * Double(cost) / Double(slots) }
  }

  /// Whole seconds until a turn is free, at least one.
  func secondsUntilFree(slots: Int) -> Int {
    max(1, Int(((secondsPerRequest ?? 1) / Double(slots)).rounded(.up)))
  }
}
