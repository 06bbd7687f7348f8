import Chatterbox
import Foundation
import Redis
import Testing

@testable import Service

// What becomes of the line when Redis hangs, or has no room.
extension ClusterQueueTests {
  @Test("leaves the living what they have when Redis hung and goes on")
  func hungReclaim() async throws {
    let server = try await RedisServer()
    let (busy, other) = (try queue(server, "busy"), try queue(server, "other"))
    try await submit("item", to: busy)
    let turn = try #require(try await busy.take([.interactive]))
    #expect(try await other.reclaim(lease: .seconds(60), mostTries: 3, cursor: "0-0").again.isEmpty)
    server.hang()
    await #expect(throws: RedisError.away) {
      _ = try await other.reclaim(lease: .milliseconds(500), mostTries: 3, cursor: "0-0")
    }
    server.goOn()
    #expect(try await busy.touch(turn))
  }

  @Test("gives nothing to a node that asked while Redis hung, and has gone")
  func hungTake() async throws {
    let server = try await RedisServer()
    let (gone, other) = (try queue(server, "gone"), try queue(server, "other"))
    try await submit("item", to: other)
    #expect(try await gone.status().waiting == [.interactive: 1])
    #expect(try await gone.take([.batch]) == nil)
    server.hang()
    await #expect(throws: RedisError.away) { _ = try await gone.take([.interactive]) }
    server.goOn()
    #expect(try await other.take([.interactive])?.id == "item")
  }

  @Test("lets what has begun end when Redis is full, and takes nothing new")
  func full() async throws {
    let server = try await RedisServer()
    let queue = try queue(server, "one")
    for id in ["done", "dropped", "given back"] { try await submit(id, to: queue) }
    let done = try #require(try await queue.take([.interactive]))
    let dropped = try #require(try await queue.take([.interactive]))
    let givenBack = try #require(try await queue.take([.interactive]))
    try await queue.redis.send(RedisCommand("CONFIG", "SET", "maxmemory", 1))
    await #expect(throws: RedisError.full) { try await submit("new", to: queue) }
    #expect(try await queue.touch(done))
    #expect(try await queue.publish("piece", [1], of: done))
    #expect(try await queue.finish("done", [], of: done))
    #expect(try await !queue.withdraw(dropped.id))
    #expect(try await !queue.touch(dropped))
    try await queue.giveBack(givenBack)
    #expect(try await queue.status() == QueueStatus(waiting: [.interactive: 1], running: 1))
    let said = try await queue.redis.send(RedisCommand("XRANGE", "chatterbox:speech:done", "-", "+")).elements
    #expect(said.map { $0.elements.last?.fields["kind"]?.text } == ["piece", "done"])
  }

  @Test("is waited for no longer than a node wants to")
  func stopWaiting() async throws {
    let server = try await RedisServer()
    let queue = try queue(server, "one")
    let list = RedisCommand("LLEN", "chatterbox:wake:of:one")
    for _ in 0..<3 { try await queue.stopWaiting() }
    #expect(try await queue.redis.send(list).integer == 1)
    #expect(try await queue.wait(for: [.emergency], by: queue.redis.another()) == nil)
    #expect(try await queue.redis.send(list).integer == 0)
  }

  @Test("calls one node for what has come, which can pass it on")
  func passOn() async throws {
    let server = try await RedisServer()
    let (one, other) = (try queue(server, "one"), try queue(server, "other"))
    try await submit("item", speech(priority: .batch), to: one)
    let waiter = one.redis.another()
    #expect(try await one.wait(for: [.interactive, .batch], by: waiter) == .batch)
    #expect(try await other.wait(for: [.interactive, .batch], by: waiter) == nil)
    try await one.passOn(.batch)
    #expect(try await other.wait(for: [.interactive, .batch], by: waiter) == .batch)
  }

  @Test("is heard from the beginning, whenever somebody begins to listen")
  func lateListeners() async throws {
    let server = try await RedisServer()
    let (speaker, asked) = (try queue(server, "speaker"), try queue(server, "asked"))
    let relay = SpeechRelay(queue: asked)
    let running = Task { await relay.run() }
    try await submit("item", to: speaker)
    let turn = try #require(try await speaker.take([.interactive]))
    try await withThrowingTaskGroup(of: Int.self) { group in
      for listener in 0..<40 {
        group.addTask {
          try await Task.sleep(for: .milliseconds(listener * 5))
          var heard = 0
          for try await event in await relay.events(of: "item", for: UUID()) {
            guard case .piece(let piece) = event, piece.span.endOffset > heard else { continue }
            // What was heard before may come again, but nothing may be missing.
            guard piece.span.endOffset == heard + 1 else { return -1 }
            heard += 1
          }
          return heard
        }
      }
      for index in 1...200 {
        let span = RecordedSpan(endOffset: index, start: 0, duration: 0, progress: 0)
        let value = try ClusterEvent.value(of: RecordedAudio(bytes: [7], span: span))
        #expect(try await speaker.publish("piece", value, of: turn))
        try await Task.sleep(for: .milliseconds(1))
      }
      let summary = RecordingSummary(
        byteCount: 200, sha256: "", timings: SpeechTimings(firstAudio: 0, total: 0, duration: 0))
      #expect(try await speaker.finish("done", Array(JSONEncoder().encode(summary)), of: turn))
      for try await heard in group { #expect(heard == 200) }
    }
    running.cancel()
    await running.value
  }
}
