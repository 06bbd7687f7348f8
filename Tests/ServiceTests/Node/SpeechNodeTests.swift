import Audio
import Chatterbox
import Foundation
import Testing
import Text

@testable import Service

@Suite("A node")
struct SpeechNodeTests {
  @Test("speaks a request once, and then again from its cache, also after a restart")
  func cache() async throws {
    let test = try TestNode()
    let first = try await test.node.speak(test.order("Hello."))
    let summary = try await first.audio.summary()
    #expect(first.source == .miss)
    try await eventually { try await test.node.speak(test.order("Hello.")).source == .hit }
    let second = try await test.node.speak(test.order("Hello."))
    #expect(try await second.audio.summary() == summary)
    #expect(second.info == first.info, "the seed is that of what was kept")
    let restarted = try TestNode(in: test.folder)
    #expect(try await restarted.node.speak(restarted.order("Hello.")).source == .hit)
  }

  @Test("tells requests apart by everything that shapes the audio")
  func keys() async throws {
    let test = try TestNode()
    _ = try await test.node.speak(test.order("Hello.", seed: 1)).audio.summary()
    try await eventually { try await test.node.speak(test.order("Hello.", seed: 1)).source == .hit }
    var others = [test.order("Hello!", seed: 1), test.order("Hello.", seed: 2), test.order("Hello.")]
    for change in [
      { (order: inout SpeechOrder) in order.request.speed = 1.1 },
      { $0.request.language = "de" }, { $0.format = .mp3 }, { $0.delivery = .early },
      { $0.request.model = "starter" }, { $0.request.lexicon = try? .init(["en": ["hello": "hallo"]]) },
    ] {
      var order = test.order("Hello.", seed: 1)
      change(&order)
      others.append(order)
    }
    for order in others {
      #expect(try await test.node.speak(order).source == .miss)
    }
  }

  @Test("speaks anew for who wants that, and without a cache")
  func fresh() async throws {
    let test = try TestNode()
    _ = try await test.node.speak(test.order("Hello.")).audio.summary()
    try await eventually { try await test.node.speak(test.order("Hello.")).source == .hit }
    var order = test.order("Hello.")
    order.isFresh = true
    #expect(try await test.node.speak(order).source == .miss)
    let plain = try TestNode { $0.cache.enabled = false }
    _ = try await plain.node.speak(plain.order("Hello.")).audio.summary()
    #expect(try await plain.node.speak(plain.order("Hello.")).source == .miss)
  }

  @Test(
    "gives those who have keys only what was spoken for them, unless they are to share",
    arguments: [true, false])
  func perCaller(_ isPerCaller: Bool) async throws {
    let test = try TestNode {
      $0.security.apiKeyEnabled = true
      $0.cache.perCaller = isPerCaller
    }
    var order = test.order("Your code is 4711.")
    order.caller = "key:a"
    _ = try await test.node.speak(order).audio.summary()
    try await eventually { try await test.node.speak(order).source == .hit }
    order.caller = "key:b"
    #expect(try await test.node.speak(order).source == (isPerCaller ? .miss : .hit))
  }

  @Test("keeps its folder to itself, whoever made it")
  func privateFolder() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.url.path)
    _ = try TestNode(in: folder)
    let attributes = try FileManager.default.attributesOfItem(atPath: folder.url.path)
    #expect(attributes[.posixPermissions] as? Int == 0o700)
  }

  @Test("works once for a second identical request in flight")
  func shared() async throws {
    let test = try TestNode()
    let first = try await test.node.speak(test.order(longText))
    let second = try await test.node.speak(test.order(longText))
    #expect(first.source == .miss && second.source == .shared)
    #expect(first.audio.recording === second.audio.recording)
    #expect(await test.running() == 1)
  }

  @Test("lets nobody wait for another's turn who is more urgent, or has a deadline")
  func notShared() async throws {
    let test = try TestNode { $0.queue = .init(capacity: 10, concurrent: 1) }
    let busy = try await test.node.speak(test.order(longText))
    var calm = test.order("Fire!")
    calm.request.priority = .batch
    let waiting = try await test.node.speak(calm)
    var urgent = calm
    urgent.request.priority = .emergency
    let alert = try await test.node.speak(urgent)
    #expect(alert.source == .miss)
    #expect(try await alert.audio.summary().byteCount > 1_000, "it did not wait for the other")
    var hurried = test.order("Hello.")
    hurried.deadline = .now + .milliseconds(30)
    let late = try await test.node.speak(hurried)
    let patient = try await test.node.speak(test.order("Hello."))
    #expect(patient.source == .miss)
    await #expect(throws: QueueError.deadlinePassed) { try await late.audio.summary() }
    withExtendedLifetime((busy, waiting)) {}
  }

  @Test("stops working when the last one who listens leaves")
  func leaving() async throws {
    let test = try TestNode()
    var first: SpeechAnswer? = try await test.node.speak(test.order(longText))
    var second: SpeechAnswer? = try await test.node.speak(test.order(longText))
    try await eventually { await test.running() == 1 }
    #expect(first?.source == .miss)
    first = nil
    try await second?.audio.begin()
    #expect(await test.running() == 1)
    second = nil
    try await eventually { await test.running() == 0 }
    #expect(test.node.lifecycle.isIdle)
  }

  @Test("makes audio also for a reader who takes nothing")
  func slowReader() async throws {
    let test = try TestNode()
    let idle = try await test.node.speak(test.order("One. Two. Three. Four."))
    try await eventually { idle.audio.recording.isFinished }
    #expect(await test.running() == 0)
    var count = 0
    for try await piece in idle.audio { count += piece.bytes.count }
    #expect(try await idle.audio.summary().byteCount == count)
  }

  @Test("answers the same bytes and hash as the file has")
  func digest() async throws {
    let test = try TestNode()
    for format in AudioFormat.allCases {
      var order = test.order("Hello there.")
      order.format = format
      let answer = try await test.node.speak(order)
      let summary = try await answer.audio.summary()
      let bytes = try answer.audio.recording.bytes(in: 0..<summary.byteCount)
      #expect(SHA256Digest.hexadecimal(of: bytes) == summary.sha256)
    }
  }

  @Test("refuses when the queue is full, and when it is stopping")
  func refusals() async throws {
    let test = try TestNode { $0.queue = .init(capacity: 1, concurrent: 1) }
    let running = try await test.node.speak(test.order(longText))
    let waiting = try await test.node.speak(test.order(longText, seed: 1))
    await #expect(throws: QueueError.full(capacity: 1, retryAfter: 1)) {
      try await test.node.speak(test.order(longText, seed: 2))
    }
    await test.node.queue.close()
    await #expect(throws: QueueError.closed) { try await test.node.speak(test.order("Hi.")) }
    withExtendedLifetime((running, waiting)) {}
  }

  @Test("is ready while it runs, can write and can speak")
  func readiness() async throws {
    let test = try TestNode { $0.queue = .init(capacity: 1, concurrent: 1) }
    #expect(await !test.node.readiness().isReady, "it is starting")
    test.node.lifecycle.enter(.running)
    #expect(await test.node.readiness().isReady)
    let running = try await test.node.speak(test.order(longText))
    let waiting = try await test.node.speak(test.order(longText, seed: 1))
    try await eventually { await test.node.readiness().checks["queue"] == "full" }
    withExtendedLifetime((running, waiting)) {}
    try FileManager.default.removeItem(at: test.node.folders.temporary)
    test.node.health.look(at: test.node.folders)
    #expect(await test.node.readiness().checks["disk"] != .some(nil))
    test.node.lifecycle.enter(.stopping)
    test.node.lifecycle.enter(.running)
    #expect(await test.node.readiness().checks["phase"] == "stopping")
  }

  @Test("knows who had how much spoken, also after a restart")
  func usage() async throws {
    let test = try TestNode()
    var order = test.order("Hello.")
    order.caller = "anna"
    _ = try await test.node.speak(order).audio.summary()
    try await eventually { try await test.node.usage.entries().first?.requests == 1 }
    let restarted = try TestNode(in: test.folder)
    let entry = try #require(try await restarted.node.usage.entries().first)
    #expect(
      entry.caller == "anna" && entry.model == "espeak" && entry.characters == 6 && entry.audioSeconds > 0.2)
  }

  @Test("lets no second server into its folder, until it is gone")
  func lock() throws {
    let test = try TestNode()
    var lock: DataFolderLock? = try DataFolderLock(test.node.folders.directory)
    #expect(lock != nil)
    #expect(throws: DataFolderLock.InUse.self) { try DataFolderLock(test.node.folders.directory) }
    lock = nil
    _ = try DataFolderLock(test.node.folders.directory)
  }

  @Test("measures what it does")
  func metrics() async throws {
    let test = try TestNode()
    _ = try await test.node.speak(test.order("Hello.")).audio.summary()
    try await eventually { try await test.node.speak(test.order("Hello.")).source == .hit }
    let text = await test.node.exposition()
    #expect(text.contains(#"chatterbox_speech_requests_total{model="espeak",cache="miss"} 1"#))
    #expect(text.contains(#"chatterbox_time_to_first_audio_seconds_count{model="espeak"} 1"#))
    #expect(text.contains(#"chatterbox_characters_total{model="espeak"} 6"#))
    #expect(text.contains("chatterbox_queue_running 0"))
  }
}
