import Audio
import Chatterbox
import Foundation
import Redis
import Testing

@testable import Service

@Suite("Redis", .enabled(if: RedisServer.program != nil))
struct RedisTests {
  @Test("takes any bytes, and gives them back")
  func bytes() async throws {
    let server = try await RedisServer()
    let redis = try server.client
    let bytes = (0...255).map { UInt8($0) } + Array("\r\n$5\r\n*".utf8)
    for value in [bytes, [], [0]] {
      try await redis.send(RedisCommand("SET", "key \r\n", value))
      #expect(try await redis.send(RedisCommand("GET", "key \r\n")).bytes == value)
    }
    #expect(try await redis.send(RedisCommand("GET", "none")) == .null)
    #expect(
      try await redis.pipeline([RedisCommand("INCR", "n"), RedisCommand("INCR", "n")]) == [
        .integer(1), .integer(2),
      ])
  }

  @Test("is an error at once while it is away, and is found again when it is back")
  func away() async throws {
    let server = try await RedisServer()
    let redis = try server.client
    try await redis.send(RedisCommand("SET", "key", "value"))
    server.stop()
    for _ in 0..<20 {
      let start = ContinuousClock.now
      await #expect(throws: RedisError.away) { try await redis.send(RedisCommand("GET", "key")) }
      #expect(start.duration(to: .now) < .seconds(3))
    }
    #expect(redis.answersFor == nil)
    let again = try server.restarted()
    try await eventually { (try? await redis.send(RedisCommand("GET", "key")).text) == "value" }
    #expect(redis.answersFor != nil)
    withExtendedLifetime(again) {}
  }

  @Test("does nothing late: what it got while it hung is not begun when it goes on")
  func late() async throws {
    let server = try await RedisServer()
    let redis = try server.client
    let count = RedisScript(timed: "return {redis.call('INCRBY', 'count', ARGV[1])}")
    #expect(try await redis.begin(count, 2).elements == [.integer(2)])
    server.hang()
    await #expect(throws: RedisError.away) { try await redis.begin(count, 3) }
    server.goOn()
    try await eventually { (try? await redis.send(RedisCommand("PING"))) != nil }
    #expect(try await redis.begin(count, 4).elements == [.integer(6)])
  }

  @Test("lets nobody wait for those who waited before them")
  func manyWait() async throws {
    let server = try await RedisServer()
    let redis = RedisClient(try #require(RedisAddress(server.url)), connections: 1, timeout: .seconds(1))
    try await redis.send(RedisCommand("PING"))
    server.hang()
    let start = ContinuousClock.now
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<20 { group.addTask { _ = try? await redis.send(RedisCommand("PING")) } }
    }
    #expect(start.duration(to: .now) < .seconds(10), "one after the other they would take twenty")
    server.goOn()
  }

  @Test("is asked for its time again when something seems late and is not")
  func clock() async throws {
    let server = try await RedisServer()
    let redis = try server.client
    let once = RedisScript("return {redis.call('INCR', 'tries') == 1 and 'late' or 'done'}")
    #expect(try await redis.begin(once).elements.first?.text == "done")
    let always = RedisScript("return {'late'}")
    await #expect(throws: RedisError.away) { try await redis.begin(always) }
    let time = try await redis.milliseconds(at: .now)
    #expect(abs(Double(time) / 1_000 - Date.now.timeIntervalSince1970) < 1)
  }

  @Test("says so when it lets nobody in, and when it does not know what is asked")
  func refused() async throws {
    let server = try await RedisServer(password: "open-sesame")
    try await server.client.send(RedisCommand("SET", "key", "value"))
    for password in ["", ":wrong@"] {
      let address = try #require(RedisAddress("redis://\(password)127.0.0.1:\(server.port)"))
      await #expect(throws: RedisError.refused) {
        try await RedisClient(address).send(RedisCommand("GET", "key"))
      }
    }
    await #expect(throws: RedisError.failed(kind: "ERR")) {
      try await server.client.send(RedisCommand("NONSENSE"))
    }
  }

  @Test(
    "is addressed as the product has it, and by nothing else",
    arguments: [
      ("redis://localhost:6379", true), ("redis://:secret@host", true), ("redis://user:p@[::1]:7000/3", true),
      ("http://localhost", false), ("rediss://localhost", false), ("localhost:6379", false),
      ("redis://h/x", false),
      ("redis://h:99999", false), ("", false),
    ])
  func addresses(_ text: String, _ isGood: Bool) {
    #expect((RedisAddress(text) != nil) == isGood)
  }

  @Test("keeps answers for all nodes, until they are old, and none that was changed")
  func cache() async throws {
    let server = try await RedisServer()
    let redis = try server.client
    let bytes = [UInt8](repeating: 7, count: 1_000)
    let speech = CachedSpeech(
      info: SpeechInfo(
        model: "espeak", language: "en", sampleRate: 24_000, modelSampleRate: 22_050, seed: 1, warnings: []),
      format: .wav, bytes: bytes,
      spans: [RecordedSpan(endOffset: 1_000, start: 0, duration: 1, progress: 1)],
      summary: RecordingSummary(
        byteCount: 1_000, sha256: SHA256Digest.hexadecimal(of: bytes),
        timings: SpeechTimings(firstAudio: 0.1, total: 0.2, duration: 1)))
    await RedisCache(redis, timeToLive: .seconds(60)).keep(speech, for: "key")
    let other = RedisCache(try server.client, timeToLive: .seconds(60))
    #expect(await other.speech(for: "key")?.bytes == bytes)
    #expect(await other.speech(for: "none") == nil)
    let later = RedisCache(redis, timeToLive: .seconds(60)) { .now + 61 }
    #expect(await later.speech(for: "key") == nil)
    #expect(try await redis.send(RedisCommand("PTTL", "chatterbox:cache:key")).integer ?? 0 > 50_000)
    try await redis.send(RedisCommand("SETRANGE", "chatterbox:cache:key", 700, "x"))
    #expect(await other.speech(for: "key") == nil)
  }

  @Test("limits callers across nodes")
  func rateLimit() async throws {
    let server = try await RedisServer()
    let limiters = [RedisRateLimiter(redis: try server.client), RedisRateLimiter(redis: try server.client)]
    let limit = RateLimit(requestsPerMinute: 6, burst: 4)
    var waits: [Double] = []
    for index in 0..<6 {
      if let wait = await limiters[index % 2].wait(for: "a", limit) { waits.append(wait) }
    }
    #expect(waits.count == 2 && waits.allSatisfy { (8...10).contains($0) })
    #expect(await limiters[0].wait(for: "b", limit) == nil)
  }
}
