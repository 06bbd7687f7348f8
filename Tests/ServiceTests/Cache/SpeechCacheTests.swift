import Audio
import Chatterbox
import Foundation
import Synchronization
import Testing

@testable import Service

/// A clock that tests move.
final class TestClock: Sendable {
  private let time = Mutex(Date(timeIntervalSince1970: 1_700_000_000))

  var now: Date { time.withLock(\.self) }
  func advance(by seconds: Double) { time.withLock { $0 += seconds } }
}

extension CachedSpeech {
  static func test(_ bytes: [UInt8], made: Date) -> CachedSpeech {
    CachedSpeech(
      info: .test, format: .pcm, bytes: bytes,
      spans: [RecordedSpan(endOffset: bytes.count, start: 0, duration: 1, progress: 1)],
      summary: RecordingSummary(
        byteCount: bytes.count, sha256: SHA256Digest.hexadecimal(of: bytes),
        timings: SpeechTimings(firstAudio: 0.1, total: 0.2, duration: 1)),
      made: made)
  }
}

@Suite("The cache in memory")
struct MemoryCacheTests {
  private let clock = TestClock()

  private func cache(capacity: Int = 1_000) -> MemoryCache {
    MemoryCache(capacity: capacity, timeToLive: .seconds(60)) { [clock] in clock.now }
  }

  @Test("gives back what it was given, until it is too old")
  func timeToLive() async {
    let cache = cache()
    await cache.keep(.test([1, 2], made: clock.now), for: "a")
    clock.advance(by: 59)
    #expect(await cache.speech(for: "a")?.bytes == [1, 2])
    #expect(await cache.speech(for: "b") == nil)
    clock.advance(by: 2)
    #expect(await cache.speech(for: "a") == nil)
  }

  @Test("forgets what was used longest ago")
  func bounded() async {
    let cache = cache(capacity: 100)
    for name in ["a", "b", "c", "d"] {
      await cache.keep(.test([UInt8](repeating: 0, count: 25), made: clock.now), for: name)
    }
    _ = await cache.speech(for: "a")
    await cache.keep(.test([UInt8](repeating: 0, count: 25), made: clock.now), for: "e")
    #expect(await cache.speech(for: "b") == nil)
    #expect(await cache.speech(for: "a") != nil)
    #expect(await cache.speech(for: "e") != nil)
  }

  @Test("does not push out all others for one that is large")
  func large() async {
    let cache = cache(capacity: 100)
    await cache.keep(.test([1], made: clock.now), for: "a")
    await cache.keep(.test([UInt8](repeating: 0, count: 26), made: clock.now), for: "large")
    #expect(await cache.speech(for: "large") == nil)
    #expect(await cache.speech(for: "a") != nil)
  }
}

@Suite("The cache on the disk")
struct DiskCacheTests {
  private let clock = TestClock()
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func cache(capacity: Int = 100_000) -> DiskCache {
    DiskCache(directory: folder.url, capacity: capacity, timeToLive: .seconds(60)) { [clock] in clock.now }
  }

  private func file(_ key: String) -> URL { folder.url.appending(path: "\(key).speech") }

  @Test("gives back what it was given, also after a restart")
  func restart() async {
    let speech = CachedSpeech.test([1, 2, 3], made: clock.now)
    await cache().keep(speech, for: "a")
    let found = await cache().speech(for: "a")
    #expect(found?.bytes == speech.bytes)
    #expect(found?.info == speech.info)
    #expect(found?.spans == speech.spans)
    #expect(found?.summary == speech.summary)
  }

  @Test("does not make an answer younger by moving it")
  func timeToLive() async {
    await cache().keep(.test([1], made: clock.now), for: "a")
    clock.advance(by: 59)
    let near = MemoryCache(capacity: 1_000, timeToLive: .seconds(60)) { [clock] in clock.now }
    let layered = LayeredCache(near: near, far: cache())
    #expect(await layered.speech(for: "a") != nil)
    clock.advance(by: 2)
    #expect(await near.speech(for: "a") == nil)
    #expect(await layered.speech(for: "a") == nil)
  }

  @Test("notices a file that was changed, deletes it, and never serves it", arguments: 0..<6)
  func corrupted(damage: Int) async throws {
    await cache().keep(.test([UInt8](repeating: 7, count: 500), made: clock.now), for: "a")
    var data = try Data(contentsOf: file("a"))
    switch damage {
    case 0: data[data.count - 1] ^= 1
    case 1: data[data.count - 400] ^= 0x80
    case 2: data.removeLast()
    case 3: data.append(0)
    case 4: data = Data()
    default: data[2] = UInt8(ascii: "!")
    }
    try data.write(to: file("a"))
    let cache = cache()
    #expect(await cache.speech(for: "a") == nil)
    #expect(!FileManager.default.fileExists(atPath: file("a").path))
    await cache.keep(.test([1], made: clock.now), for: "a")
    #expect(await cache.speech(for: "a")?.bytes == [1])
  }

  @Test("does not take another answer's file for its own")
  func renamed() async throws {
    await cache().keep(.test([1], made: clock.now), for: "a")
    try FileManager.default.copyItem(at: file("a"), to: file("b"))
    #expect(await cache().speech(for: "b") == nil)
  }

  @Test("removes what a crash left half-made")
  func halfMade() async throws {
    try Data("half".utf8).write(to: folder.url.appending(path: "a.speech.partial"))
    _ = cache()
    #expect(folder.contents.isEmpty)
  }

  @Test("stays within its bound")
  func bounded() async {
    let cache = cache(capacity: 10_000)
    for index in 0..<30 {
      await cache.keep(.test([UInt8](repeating: 0, count: 1_000), made: clock.now), for: "\(index)")
      clock.advance(by: 0.1)
    }
    let sizes = folder.contents.map { (try? Data(contentsOf: folder.url.appending(path: $0)).count) ?? 0 }
    #expect(sizes.reduce(0, +) <= 10_000)
    #expect(await cache.speech(for: "29") != nil)
    #expect(await cache.speech(for: "0") == nil)
  }

  @Test("costs nobody an answer when the disk does not take it")
  func notWritable() async throws {
    let cache = cache()
    try FileManager.default.removeItem(at: folder.url)
    await cache.keep(.test([1], made: clock.now), for: "a")
    #expect(await cache.speech(for: "a") == nil)
  }
}
