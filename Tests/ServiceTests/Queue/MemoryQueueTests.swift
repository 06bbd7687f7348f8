import Chatterbox
import Foundation
import Synchronization
import Testing

@testable import Service

@Suite("The queue in memory")
struct MemoryQueueTests {
  /// Takes down in which order turns came.
  private final class Order: Sendable {
    private let names = Mutex<[String]>([])

    func add(_ name: String) { names.withLock { $0.append(name) } }
    var all: [String] { names.withLock(\.self) }
  }

  private func ticket(
    _ priority: SpeechPriority = .interactive, caller: String = "a", cost: Int = 1,
    deadline: ContinuousClock.Instant? = nil
  ) -> QueueTicket {
    QueueTicket(priority: priority, caller: caller, cost: cost, deadline: deadline)
  }

  /// A queue whose only turn is taken, and the ticket that has it.
  private func busyQueue(capacity: Int = 10) async throws -> (MemoryQueue, QueueTicket) {
    let queue = MemoryQueue(capacity: capacity, concurrent: 1)
    let first = ticket()
    try await queue.enter(first)
    try await queue.turn(of: first)
    return (queue, first)
  }

  /// Lets tickets wait, in this order, and says in which order they got their turns once the first one leaves.
  private func served(_ tickets: [(String, QueueTicket)], of queue: MemoryQueue, after first: QueueTicket)
    async throws -> [String]
  {
    let order = Order()
    for (_, ticket) in tickets { try await queue.enter(ticket) }
    await withTaskGroup(of: Void.self) { group in
      for (name, ticket) in tickets {
        group.addTask { try? await queue.run(ticket) { order.add(name) } }
      }
      await queue.leave(first)
    }
    return order.all
  }

  @Test("does not hold against a caller what was never spoken")
  func uncounted() async throws {
    let (queue, first) = try await busyQueue()
    for _ in 0..<5 {
      let ticket = ticket(caller: "b", cost: 100)
      try await queue.enter(ticket)
      await queue.leave(ticket)
    }
    let tickets = [("b", ticket(caller: "b")), ("c", ticket(caller: "c"))]
    #expect(try await served(tickets, of: queue, after: first) == ["b", "c"])
  }

  @Test("takes a thousand, and refuses the next with a time to come back")
  func bounded() async throws {
    let (queue, first) = try await busyQueue(capacity: 1_000)
    for _ in 0..<1_000 { try await queue.enter(ticket()) }
    #expect(await queue.status().depth == 1_000)
    await #expect {
      try await queue.enter(ticket())
    } throws: { error in
      guard case QueueError.full(let capacity, let retryAfter) = error else { return false }
      return capacity == 1_000 && retryAfter >= 1
    }
    await queue.leave(first)
    #expect(await queue.status().depth == 999)
    try await queue.enter(ticket())
  }

  @Test("lets an emergency overtake a queue that is full of batch work, at once")
  func emergency() async throws {
    let (queue, _) = try await busyQueue(capacity: 1_000)
    for _ in 0..<1_000 { try await queue.enter(ticket(.batch)) }
    let alert = ticket(.emergency)
    try await queue.enter(alert)
    try await queue.turn(of: alert)
    #expect(await queue.status().running == 2)
  }

  @Test("serves the urgent before the less urgent")
  func priorities() async throws {
    let (queue, first) = try await busyQueue()
    let order = try await served(
      [("batch", ticket(.batch)), ("interactive", ticket(.interactive))], of: queue, after: first)
    #expect(order == ["interactive", "batch"])
  }

  @Test("lets callers take turns, however much one of them asks for")
  func fair() async throws {
    let (queue, first) = try await busyQueue()
    let many = (0..<5).map { ("a\($0)", ticket(caller: "many", cost: 100)) }
    let order = try await served(many + [("b", ticket(caller: "few", cost: 100))], of: queue, after: first)
    #expect(order.firstIndex(of: "b") == 1)
    #expect(order.filter { $0 != "b" } == ["a0", "a1", "a2", "a3", "a4"])
  }

  @Test("leaves half of the turns to those who wait")
  func batchShare() async throws {
    let queue = MemoryQueue(capacity: 100, concurrent: 4)
    for _ in 0..<10 { try await queue.enter(ticket(.batch)) }
    #expect(await queue.status().running == 2)
    for _ in 0..<10 { try await queue.enter(ticket()) }
    #expect(await queue.status().running == 4)
  }

  @Test("gives up on a request whose deadline passes")
  func deadline() async throws {
    let (queue, _) = try await busyQueue()
    let late = ticket(deadline: .now + .milliseconds(20))
    try await queue.enter(late)
    await #expect(throws: QueueError.deadlinePassed) { try await queue.turn(of: late) }
    #expect(await queue.status().depth == 0)
  }

  @Test("forgets who does not wait any more")
  func cancelled() async throws {
    let (queue, _) = try await busyQueue()
    let gone = ticket()
    try await queue.enter(gone)
    let waiting = Task { try await queue.turn(of: gone) }
    waiting.cancel()
    await #expect(throws: CancellationError.self) { try await waiting.value }
    #expect(await queue.status().depth == 0)
  }

  @Test("says honestly how many go before, and how long that takes")
  func place() async throws {
    let (queue, first) = try await busyQueue()
    let (urgent, own) = (ticket(.interactive, caller: "b"), ticket(.batch))
    try await queue.enter(own)
    try await queue.enter(urgent)
    #expect(await queue.place(of: own)?.ahead == 1)
    #expect(await queue.place(of: own)?.seconds == nil, "nothing has been measured")
    #expect(await queue.place(of: first) == nil)
    try await Task.sleep(for: .milliseconds(5))
    await queue.leave(first)
    #expect(await queue.place(of: own)?.ahead == 0)
    #expect(await queue.place(of: own)?.seconds != nil)
  }

  @Test("lets nobody in once it is closed, and serves those in line")
  func closed() async throws {
    let (queue, first) = try await busyQueue()
    let waiting = ticket()
    try await queue.enter(waiting)
    await queue.close()
    await #expect(throws: QueueError.closed) { try await queue.enter(ticket()) }
    await queue.leave(first)
    try await queue.turn(of: waiting)
  }

  @Test("gives the turn back when the work fails")
  func failing() async throws {
    struct Failure: Error {}
    let queue = MemoryQueue(capacity: 10, concurrent: 1)
    let bad = ticket()
    try await queue.enter(bad)
    await #expect(throws: Failure.self) { try await queue.run(bad) { throw Failure() } }
    #expect(await queue.status().running == 0)
  }

  @Test("loses nobody of two thousand at once")
  func load() async throws {
    let queue = MemoryQueue(capacity: 20_000, concurrent: 8)
    let served = Order()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 0..<2_000 {
        let ticket = ticket(
          SpeechPriority.allCases[index % 3], caller: "\(index % 7)", cost: index % 50 + 1)
        try await queue.enter(ticket)
        group.addTask {
          if index.isMultiple(of: 11) { return await queue.leave(ticket) }
          try await queue.run(ticket) { served.add("\(index)") }
        }
      }
      try await group.waitForAll()
    }
    #expect(served.all.count == (0..<2_000).count { !$0.isMultiple(of: 11) })
    let status = await queue.status()
    #expect(status.depth == 0 && status.running == 0)
  }
}
