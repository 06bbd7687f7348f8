import Audio
import Chatterbox
import Foundation
import Redis
import Testing

@testable import Service

@Suite("Nodes that work as one", .enabled(if: RedisServer.program != nil))
struct ClusterNodeTests {
  /// Nodes of one Redis, of which some speak.
  private final class Nodes {
    let server: RedisServer
    let nodes: [TestNode]
    private let work: [Task<Void, Never>]

    init(_ count: Int, speaking: Set<Int>? = nil) async throws {
      let server = try await RedisServer()
      self.server = server
      nodes = try (0..<count).map { _ in
        try TestNode {
          $0.queue.type = .redis
          $0.queue.leaseSeconds = 1
          $0.queue.concurrent = 2
          $0.cache.redisURL = server.url
        }
      }
      work = nodes.enumerated().map { index, test in
        let (node, speaks) = (test.node, speaking?.contains(index) ?? true)
        if speaks { node.lifecycle.enter(.running) }
        return Task { await node.workInCluster() }
      }
    }

    func stop() async {
      for task in work { task.cancel() }
      for task in work { await task.value }
    }
  }

  private func spoken(_ answer: SpeechAnswer) async throws -> [UInt8] {
    var bytes: [UInt8] = []
    // A file's first bytes are right once it is whole.
    _ = try await answer.audio.summary()
    for try await piece in answer.audio { bytes += piece.bytes }
    return bytes
  }

  @Test(
    "speak for each other: what one is asked, another says, byte for byte the same",
    arguments: [
      SpeechDelivery.whole, .early,
    ])
  func forEachOther(_ delivery: SpeechDelivery) async throws {
    let nodes = try await Nodes(2, speaking: [1])
    var order = nodes.nodes[0].order("One two three. Four five six.", seed: 3)
    order.delivery = delivery
    let there = try await spoken(try await nodes.nodes[0].node.speak(order))
    let alone = try TestNode { $0.cache.enabled = false }
    #expect(try await spoken(try await alone.node.speak(order)) == there)
    await nodes.stop()
  }

  @Test("send long files on in large parts, not in the pieces that they were made in")
  func largeParts() async throws {
    let nodes = try await Nodes(2, speaking: [1])
    let order = nodes.nodes[0].order(String(repeating: "Seven eight nine. ", count: 100), seed: 3)
    let bytes = try await spoken(try await nodes.nodes[0].node.speak(order))
    let redis = try #require(nodes.nodes[0].node.cluster?.queue.redis)
    let streams = try await redis.send(RedisCommand("KEYS", "chatterbox:speech:*")).elements.compactMap(
      \.text)
    let entries = try await redis.send(RedisCommand("XLEN", try #require(streams.first))).integer ?? 0
    #expect(entries <= 2 + bytes.count / (256 << 10))
    let alone = try TestNode { $0.cache.enabled = false }
    #expect(try await spoken(try await alone.node.speak(order)) == bytes)
    await nodes.stop()
  }

  @Test("speak the same once, for both")
  func shared() async throws {
    let nodes = try await Nodes(2, speaking: [0])
    let order = nodes.nodes[0].order(String(repeating: "Seven eight nine. ", count: 200), seed: 3)
    let first = try await nodes.nodes[0].node.speak(order)
    let second = try await nodes.nodes[1].node.speak(order)
    #expect([first.source, second.source] == [.miss, .shared])
    #expect(try await spoken(first) == spoken(second))
    let third = try await nodes.nodes[1].node.speak(order)
    #expect(third.source == .hit)
    await nodes.stop()
  }

  @Test("tell the one that was asked why something cannot be spoken")
  func failing() async throws {
    let nodes = try await Nodes(2, speaking: [1])
    var order = nodes.nodes[0].order("Hi.")
    order.deadline = .now + .milliseconds(1)
    try await Task.sleep(for: .milliseconds(5))
    await #expect(throws: QueueError.deadlinePassed) {
      _ = try await self.spoken(try await nodes.nodes[0].node.speak(order))
    }
    await nodes.stop()
  }

  @Test("end what nobody listens to any more")
  func abandoned() async throws {
    let nodes = try await Nodes(2, speaking: [1])
    var answer: SpeechAnswer? = try await nodes.nodes[0].node.speak(nodes.nodes[0].order(longText))
    try await eventually { await nodes.nodes[0].node.queueStatus().running == 1 }
    withExtendedLifetime(answer) {}
    answer = nil
    try await eventually { await nodes.nodes[0].node.queueStatus().running == 0 }
    await nodes.stop()
  }

  @Test("speak jobs that the others can give out")
  func jobs() async throws {
    let nodes = try await Nodes(2, speaking: [1])
    let job = try await nodes.nodes[0].node.jobs.submit(
      SpeechRequest(text: "One two three. Four.", model: "espeak"), format: .flac, caller: "a",
      idempotencyKey: "key", webhook: nil)
    #expect(job.status == .queued)
    try await eventually { try await nodes.nodes[1].node.jobs.job(job.id).status == .done }
    let result = try #require(try await nodes.nodes[0].node.jobs.job(job.id).result)
    #expect(try await nodes.nodes[1].node.storage.audio(result.id)?.sha256 == result.sha256)
    await nodes.stop()
  }

  @Test("share the jobs: each speaks one")
  func shareJobs() async throws {
    let nodes = try await Nodes(2)
    let first = nodes.nodes[0].node
    for test in nodes.nodes { #expect(test.node.configuration.queue.turnRules.mostBatch == 1) }
    for round in 0..<3 {
      var ids: [String] = []
      for index in 0..<2 {
        var request = SpeechRequest(text: longText, model: "espeak")
        request.seed = UInt64(round * 2 + index)
        ids.append(
          try await first.jobs.submit(request, format: .wav, caller: "a", idempotencyKey: nil, webhook: nil)
            .id)
      }
      try await eventually { await first.queueStatus().running == 2 }
      for id in ids { _ = try await first.jobs.cancel(id) }
      try await eventually { await first.queueStatus().running == 0 }
    }
    await nodes.stop()
  }

  @Test("keep the audio of a job that was written down though the answer was lost")
  func answerLost() async throws {
    let nodes = try await Nodes(1, speaking: [])
    let node = nodes.nodes[0].node
    let store = node.jobs.store
    var request = SpeechRequest(text: "Hi.", model: "espeak")
    request.seed = 1
    let order = Job.Order(request: request, format: .wav)
    let job = try await store.add(Job(order, caller: "a", webhook: "http://127.0.0.1:1/hook"))
    let turn = try #require(try await node.cluster?.queue.take([.batch]))
    _ = try await store.change(job.id, holding: turn.entry) { $0.status = .running }
    let file = nodes.nodes[0].folder.url.appending(path: "audio")
    try Data("audio".utf8).write(to: file)
    let audio = try await node.storage.keep(fileAt: file, format: .wav)
    let outcome = Result<StoredAudio, any Error>.success(audio)
    _ = try await store.change(job.id, holding: turn.entry) { $0.end(outcome) }
    try await node.jobs.end(job, outcome, turn)
    #expect(try await node.storage.audio(audio.id)?.sha256 == audio.sha256)
    // Another node's, which came too late, goes.
    try Data("other".utf8).write(to: file)
    let late = try await node.storage.keep(fileAt: file, format: .wav)
    await #expect(throws: JobTurnLost()) { try await node.jobs.end(job, .success(late), turn) }
    #expect(try await node.storage.audio(late.id) == nil)
    #expect(try await store.job(job.id)?.result?.id == audio.id)
    await nodes.stop()
  }

  @Test("forget all old jobs, however many there are")
  func manyOld() async throws {
    let nodes = try await Nodes(1, speaking: [])
    let node = nodes.nodes[0].node
    var request = SpeechRequest(text: "Hi.", model: "espeak")
    request.seed = 1
    for _ in 0..<450 {
      let job = try await node.jobs.store.add(
        Job(Job.Order(request: request, format: .wav), caller: "a"))
      try await node.jobs.store.change(job.id) { $0.status = .cancelled }
    }
    await node.jobs.forgetJobs(endedBefore: Date.now.timeIntervalSince1970 + 1)
    #expect(try await node.jobs.store.counts().isEmpty)
    await nodes.stop()
  }

  @Test("drop a job's turn when there is no such job any more, and go on with others")
  func jobWithoutRecord() async throws {
    let nodes = try await Nodes(1, speaking: [])
    let node = nodes.nodes[0].node
    let redis = try #require(node.cluster?.queue.redis)
    var request = SpeechRequest(text: "Hi.", model: "espeak")
    request.seed = 1
    let order = Job.Order(request: request, format: .wav)
    let lost = try await node.jobs.store.add(Job(order, caller: "a"))
    try await redis.send(RedisCommand("DEL", "chatterbox:job:\(lost.id)"))
    let other = try await node.jobs.store.add(Job(order, caller: "a"))
    node.lifecycle.enter(.running)
    try await eventually { try await node.jobs.job(other.id).status == .done }
    try await eventually { await node.queueStatus() == QueueStatus(waiting: [:], running: 0) }
    await nodes.stop()
  }

  @Test("refuse clearly while Redis is away, and go on when it is back")
  func away() async throws {
    let nodes = try await Nodes(1)
    let test = nodes.nodes[0]
    _ = try await spoken(try await test.node.speak(test.order("One.")))
    nodes.server.stop()
    await #expect(throws: (any Error).self) { try await test.node.speak(test.order("Two.")) }
    #expect(await test.node.readiness().checks["redis"] != .some(nil))
    let again = try nodes.server.restarted()
    try await eventually { (try? await self.spoken(try await test.node.speak(test.order("Three.")))) != nil }
    await nodes.stop()
    withExtendedLifetime(again) {}
  }

  @Test("know each other's presets")
  func presets() async throws {
    let nodes = try await Nodes(2)
    try await nodes.nodes[0].node.presets.create(Preset(name: "shout", model: "turbo", speed: 1.5))
    await #expect(throws: PresetShelf.Refusal.exists) {
      try await nodes.nodes[1].node.presets.create(Preset(name: "shout", model: "turbo"))
    }
    try await nodes.nodes[1].node.presets.refresh()
    #expect(try nodes.nodes[1].node.presets.entry("shout").preset.speed == 1.5)
    try await nodes.nodes[1].node.presets.remove("shout")
    try await nodes.nodes[0].node.presets.refresh()
    #expect(throws: PresetShelf.Refusal.unknown) { try nodes.nodes[0].node.presets.entry("shout") }
    await nodes.stop()
  }

  @Test("bring their own presets into an empty Redis, and lose none when it comes back empty")
  func presetsOfEmptyRedis() async throws {
    let nodes = try await Nodes(2)
    let (first, second) = (nodes.nodes[0].node.presets, nodes.nodes[1].node.presets)
    try await first.store.save(Preset(name: "shout", model: "turbo", speed: 1.5))
    try await first.refresh()
    try await second.refresh()
    #expect(try second.entry("shout").preset.speed == 1.5)
    try await nodes.nodes[0].node.cluster?.queue.redis.send(RedisCommand("FLUSHALL"))
    try await first.create(Preset(name: "whisper", model: "turbo"))
    try await second.refresh()
    try await first.refresh()
    #expect(try first.entry("shout").preset.speed == 1.5)
    #expect(try second.entry("shout").preset.speed == 1.5)
    #expect(try second.entry("whisper").preset.model == "turbo")
    await nodes.stop()
  }
}
