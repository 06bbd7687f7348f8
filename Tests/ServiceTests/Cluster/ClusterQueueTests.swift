import Audio
import Chatterbox
import Foundation
import Redis
import Testing

@testable import Service

@Suite("The line that nodes share", .enabled(if: RedisServer.program != nil))
struct ClusterQueueTests {
  func speech(
    _ text: String = "Hi.", caller: String = "a", priority: SpeechPriority = .interactive
  ) -> ClusterSpeech {
    var request = SpeechRequest(text: text, model: "espeak")
    request.priority = priority
    request.seed = 1
    return ClusterSpeech(
      request: request, format: .wav, delivery: .whole, caller: caller, key: nil, entered: 0)
  }

  let info = SpeechInfo(
    model: "espeak", language: "en", sampleRate: 24_000, modelSampleRate: 22_050, seed: 1, warnings: [])

  func queue(_ server: RedisServer, _ node: String, capacity: Int = 1_000) throws -> ClusterQueue {
    ClusterQueue(redis: try server.client, node: node, capacity: capacity)
  }

  @discardableResult
  func submit(
    _ id: String, _ speech: ClusterSpeech? = nil, to queue: ClusterQueue, place: String? = nil,
    deadline: ContinuousClock.Instant? = nil
  ) async throws -> ClusterQueue.Place {
    try await queue.submit(speech ?? self.speech(), id: id, info: info, place: place, deadline: deadline)
  }

  func taken(_ queue: ClusterQueue) async throws -> [String] {
    var ids: [String] = []
    while let turn = try await queue.take(SpeechPriority.allCases) { ids.append(turn.id) }
    return ids
  }

  @Test("gives turns to the urgent first, then to callers in turns, as the one in memory does")
  func order() async throws {
    let server = try await RedisServer()
    let queue = try queue(server, "one")
    for index in 0..<3 { try await submit("a\(index)", speech(caller: "a"), to: queue) }
    try await submit("b0", speech(caller: "b"), to: queue)
    try await submit("story", speech(priority: .batch), to: queue)
    try await submit("fire", speech(priority: .emergency), to: queue)
    #expect(try await queue.status().waiting == [.emergency: 1, .interactive: 4, .batch: 1])
    #expect(try await taken(queue) == ["fire", "a0", "b0", "a1", "a2", "story"])
    #expect(try await queue.status() == QueueStatus(waiting: [:], running: 6))
  }

  @Test("takes as many as may wait, and says when it is full")
  func capacity() async throws {
    let server = try await RedisServer()
    let queue = try queue(server, "one", capacity: 2)
    for index in 0..<2 { try await submit("\(index)", to: queue) }
    await #expect(throws: QueueError.full(capacity: 2, retryAfter: 1)) {
      try await submit("third", to: queue)
    }
    try await submit("fire", speech(priority: .emergency), to: queue)
  }

  @Test("gives every item to one node, however many ask at once")
  func once() async throws {
    let server = try await RedisServer()
    let first = try queue(server, "first")
    for index in 0..<200 { try await submit("\(index)", to: first) }
    let taken = try await withThrowingTaskGroup(of: [String].self) { group in
      for node in 0..<4 {
        let queue = try queue(server, "node \(node)")
        group.addTask { try await self.taken(queue) }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(taken.count == 200 && Set(taken).count == 200)
  }

  @Test("has what is the same made once")
  func shared() async throws {
    let server = try await RedisServer()
    let queue = try queue(server, "one")
    #expect(try await submit("first", to: queue, place: "same") == .own)
    #expect(try await submit("second", to: queue, place: "same") == .shared(id: "first", info))
    #expect(try await submit("third", to: queue, place: "other") == .own)
    let turn = try #require(try await queue.take([.interactive]))
    #expect(try await queue.finish("done", [], of: turn))
    #expect(try await submit("fourth", to: queue, place: "same") == .own, "what is done is not in the making")
  }

  @Test("takes back what a silent node had, whose word does not count any more")
  func reclaimed() async throws {
    let server = try await RedisServer()
    let (dead, alive) = (try queue(server, "dead"), try queue(server, "alive"))
    try await submit("item", to: dead)
    let lost = try #require(try await dead.take([.interactive]))
    #expect(try await dead.publish("piece", [1], of: lost))
    try await Task.sleep(for: .milliseconds(60))
    #expect(try await alive.reclaim(lease: .seconds(60), mostTries: 3, cursor: "0-0").again.isEmpty)
    #expect(try await alive.reclaim(lease: .milliseconds(50), mostTries: 3, cursor: "0-0").again == ["item"])
    #expect(try await !dead.publish("piece", [2], of: lost))
    #expect(try await !dead.touch(lost))
    let turn = try #require(try await alive.take([.interactive]))
    #expect(turn.id == "item" && turn.entry != lost.entry)
    #expect(try await !dead.finish("done", [], of: lost), "the dead one comes back, and is too late")
    #expect(try await alive.finish("done", [], of: turn))
    #expect(try await alive.status() == QueueStatus(waiting: [:], running: 0))
  }

  @Test("leaves a node what it says it is at work on")
  func touched() async throws {
    let server = try await RedisServer()
    let (busy, other) = (try queue(server, "busy"), try queue(server, "other"))
    try await submit("item", to: busy)
    let turn = try #require(try await busy.take([.interactive]))
    for _ in 0..<4 {
      try await Task.sleep(for: .milliseconds(30))
      #expect(try await busy.touch(turn))
      #expect(try await other.reclaim(lease: .milliseconds(60), mostTries: 3, cursor: "0-0").again.isEmpty)
    }
  }

  @Test("puts aside what was begun too often, and says so to those who wait")
  func deadLetter() async throws {
    let server = try await RedisServer()
    let queue = try queue(server, "one")
    try await submit("poison", to: queue)
    for attempt in 1...3 {
      #expect(try await queue.take([.interactive])?.id == "poison")
      try await Task.sleep(for: .milliseconds(20))
      let found = try await queue.reclaim(lease: .milliseconds(10), mostTries: 3, cursor: "0-0")
      #expect(found.again == (attempt < 3 ? ["poison"] : []))
      #expect(found.dead == (attempt < 3 ? [] : ["poison"]))
    }
    #expect(try await queue.take([.interactive]) == nil)
    let dead = try await queue.redis.send(RedisCommand("XRANGE", "chatterbox:dead", "-", "+")).elements
    #expect(dead.first?.elements.last?.fields["item"]?.text == "poison")
    let said = try await queue.redis.send(RedisCommand("XRANGE", "chatterbox:speech:poison", "-", "+"))
      .elements
    #expect(said.last?.elements.last?.fields["value"]?.text == "dead_letter")
  }

  @Test("counts it as no try when a node that stops gives something back, which then goes first")
  func givenBack() async throws {
    let server = try await RedisServer()
    let queue = try queue(server, "one")
    try await submit("item", to: queue)
    for _ in 0..<5 {
      try await submit("later", to: queue)
      let turn = try #require(try await queue.take([.interactive]))
      #expect(turn.id == "item")
      try await queue.giveBack(turn)
    }
    let tries = try await queue.redis.send(RedisCommand("HGET", "chatterbox:item:item", "tries")).integer
    #expect(tries == 0)
  }

  @Test("forgets what nobody waits for any more, and ends what is being made for nobody")
  func withdrawn() async throws {
    let server = try await RedisServer()
    let queue = try queue(server, "one")
    try await submit("waiting", to: queue, place: "same")
    try await submit("also", to: queue, place: "same")
    #expect(try await !queue.withdraw("waiting"), "another still listens")
    #expect(try await queue.withdraw("waiting"))
    #expect(try await queue.take([.interactive]) == nil)
    try await submit("running", to: queue)
    let turn = try #require(try await queue.take([.interactive]))
    #expect(try await !queue.withdraw("running"))
    #expect(try await !queue.touch(turn))
    #expect(try await !queue.publish("piece", [], of: turn))
  }

  @Test("does not hold against a caller what was never spoken")
  func uncounted() async throws {
    let server = try await RedisServer()
    let queue = try queue(server, "one")
    for index in 0..<5 { try await submit("a\(index)", speech(caller: "a"), to: queue) }
    for index in 0..<4 { #expect(try await queue.withdraw("a\(index)")) }
    #expect(try await queue.expire("a4"))
    try await submit("a", speech(caller: "a"), to: queue)
    try await submit("b", speech(caller: "b"), to: queue)
    #expect(try await taken(queue) == ["a", "b"])
  }

  @Test("gives no turn to what is too late")
  func expired() async throws {
    let server = try await RedisServer()
    let queue = try queue(server, "one")
    try await submit("late", to: queue, deadline: .now - .seconds(1))
    try await submit("soon", to: queue, deadline: .now + .seconds(60))
    #expect(try await queue.expire("soon"))
    #expect(try await queue.take([.interactive]) == nil)
    for id in ["late", "soon"] {
      let said = try await queue.redis.send(RedisCommand("XRANGE", "chatterbox:speech:\(id)", "-", "+"))
        .elements
      #expect(said.last?.elements.last?.fields["value"]?.text == "deadline_passed")
    }
  }

  @Test("says how many go before an item")
  func place() async throws {
    let server = try await RedisServer()
    let queue = try queue(server, "one")
    try await submit("first", speech("1234567890", caller: "a"), to: queue)
    try await submit("second", speech("12345", caller: "b"), to: queue)
    try await submit("third", speech(caller: "c"), to: queue)
    let ahead = try #require(try await queue.ahead(of: "third"))
    #expect(ahead.count == 2 && ahead.characters == 15)
    #expect(try await queue.ahead(of: "unknown") == nil)
  }

  @Test("reckons how long a long line is by its first hundred")
  func longPlace() async throws {
    let server = try await RedisServer()
    let queue = try queue(server, "one")
    for index in 0..<250 { try await submit("\(index)", speech("12345"), to: queue) }
    try await submit("last", to: queue)
    let ahead = try #require(try await queue.ahead(of: "last"))
    #expect(ahead.count == 250 && ahead.characters == 1_250)
  }
}
