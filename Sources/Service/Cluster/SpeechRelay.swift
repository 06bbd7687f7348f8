import Chatterbox
import Foundation
import Redis

/// Brings what other nodes speak to those who wait for it here.
///
/// One connection listens to all of them. What this node speaks itself takes the short way, without Redis.
actor SpeechRelay {
  private struct Feed {
    /// Those who listen. One who comes late makes the others hear everything twice, which they must bear.
    var listeners: [UUID: AsyncThrowingStream<ClusterEvent, any Error>.Continuation] = [:]
    /// The last entry of the item's stream that was read.
    var last = "0-0"
    var heard = ContinuousClock.now
    /// Speaks here, so that the stream need not be read.
    var local: Task<Void, Never>?
  }

  /// How long an item may be silent before it is looked whether there still is one.
  private static let patience = Duration.seconds(5)

  private let queue: ClusterQueue
  private let reader: RedisClient
  /// What wakes the reader when there is somebody new to listen to.
  private let bell: String
  private var lastRing = "$"
  private var feeds: [String: Feed] = [:]

  init(queue: ClusterQueue) {
    self.queue = queue
    reader = queue.redis.another()
    bell = RedisKey.bell(of: queue.node)
  }

  var isIdle: Bool { feeds.isEmpty }

  /// What is said of an item, from its beginning. It ends with ``ClusterEvent/done(_:)`` or
  /// ``ClusterEvent/failed(_:)``.
  ///
  /// - Parameter listener: what ``forget(_:by:)`` knows the one who listens by.
  func events(of id: String, for listener: UUID) async -> AsyncThrowingStream<ClusterEvent, any Error> {
    let (stream, events) = AsyncThrowingStream.makeStream(of: ClusterEvent.self)
    feeds[id, default: Feed()].listeners[listener] = events
    // Whoever is spoken to from here has its rest from the stream, as the late one does.
    feeds[id]?.local?.cancel()
    await readFromStart(id)
    return stream
  }

  /// Somebody does not listen any more.
  func forget(_ id: String, by listener: UUID) {
    feeds[id]?.listeners.removeValue(forKey: listener)?.finish()
    guard feeds[id]?.listeners.isEmpty == true else { return }
    feeds[id]?.local?.cancel()
    feeds[id] = nil
  }

  /// Takes what this node speaks from where it is made.
  ///
  /// - Parameter atOnce: whether nothing may be read before the end.
  func speakLocally(_ id: String, _ recording: RecordingReader, atOnce: Bool) {
    guard feeds[id] != nil, feeds[id]?.local == nil else { return }
    feeds[id]?.local = Task { [weak self] in
      do {
        if atOnce { _ = try await recording.summary() }
        for try await piece in recording { await self?.tell(id, .piece(piece)) }
        await self?.tell(id, .done(try await recording.summary()))
      } catch is CancellationError {
        // The item is another node's now: its stream has the rest.
        await self?.readFromStart(id)
      } catch {
        await self?.tell(id, .failed(error))
      }
    }
  }

  private func readFromStart(_ id: String) async {
    guard feeds[id] != nil else { return }
    feeds[id]?.local = nil
    feeds[id]?.last = "0-0"
    await ring()
  }

  private func tell(_ id: String, _ event: ClusterEvent) {
    guard let feed = feeds[id] else { return }
    for listener in feed.listeners.values { listener.yield(event) }
    switch event {
    case .piece: feeds[id]?.heard = .now
    case .done, .failed:
      for listener in feed.listeners.values { listener.finish() }
      feeds[id] = nil
    }
  }

  /// Wakes the reader. Without Redis it wakes by itself when Redis is back.
  private func ring() async {
    _ = try? await queue.redis.pipeline([
      RedisCommand("XADD", bell, "MAXLEN", 1, "*", "ring", 1), RedisCommand("EXPIRE", bell, 3_600),
    ])
  }

  /// Listens until it is cancelled.
  func run() async {
    while !Task.isCancelled {
      do {
        try await listen()
        try await lookAfterTheSilent()
      } catch {
        try? await Task.sleep(for: .milliseconds(200))
      }
    }
    _ = try? await queue.redis.send(RedisCommand("DEL", bell))
  }

  private func listen() async throws(RedisError) {
    let remote = feeds.filter { $0.value.local == nil }
    let ids = Array(remote.keys)
    let streams = [bell] + ids.map(RedisKey.speech)
    let lasts = [lastRing] + ids.map { remote[$0]?.last ?? "0-0" }
    let arguments: [any RedisArgument] = ["COUNT", 64, "BLOCK", 1_000, "STREAMS"] + streams + lasts
    let reply = try await reader.send(RedisCommand("XREAD", arguments), patience: .seconds(1))
    for stream in reply.elements {
      guard let name = stream.elements.first?.text, let entries = stream.elements.last?.elements else {
        continue
      }
      let id = String(name.dropFirst(RedisKey.speech("").count))
      var before = remote[id]?.last
      for entry in entries {
        guard let number = entry.elements.first?.text, let fields = entry.elements.last?.fields else {
          continue
        }
        if name == bell {
          lastRing = number
        } else {
          // Somebody who came meanwhile has to hear it from the start.
          guard feeds[id]?.last == before else { break }
          hear(id, number, fields)
          before = number
        }
      }
    }
  }

  private func hear(_ id: String, _ number: String, _ fields: [String: RedisReply]) {
    guard feeds[id] != nil, feeds[id]?.local == nil else { return }
    feeds[id]?.last = number
    feeds[id]?.heard = .now
    tell(id, ClusterEvent(kind: fields["kind"]?.text ?? "", fields["value"]?.bytes ?? []))
  }

  /// An item that is gone without a word, such as after Redis lost its data, is not waited for.
  private func lookAfterTheSilent() async throws(RedisError) {
    let silent = feeds.filter { $0.value.local == nil && $0.value.heard + Self.patience < .now }
    guard !silent.isEmpty else { return }
    let items = try await queue.redis.pipeline(silent.keys.map { RedisCommand("EXISTS", RedisKey.item($0)) })
    for ((id, feed), item) in zip(silent, items) {
      guard feeds[id]?.last == feed.last else { continue }
      if item.integer == 1 {
        feeds[id]?.heard = .now
      } else if try await !hasMore(id, after: feed.last) {
        tell(id, .failed(ClusterError.lost))
      }
    }
  }

  private func hasMore(_ id: String, after last: String) async throws(RedisError) -> Bool {
    let rest = try await queue.redis.send(
      RedisCommand("XRANGE", RedisKey.speech(id), "(\(last)", "+", "COUNT", 1))
    return !rest.elements.isEmpty
  }
}

extension ClusterEvent {
  /// What stands in an item's stream.
  init(kind: String, _ value: [UInt8]) {
    let decoder = JSONDecoder()
    switch kind {
    case "piece":
      guard let end = value.firstIndex(of: 0x0A),
        let span = try? decoder.decode(RecordedSpan.self, from: Data(value[..<end]))
      else { break }
      self = .piece(RecordedAudio(bytes: Array(value[(end + 1)...]), span: span))
      return
    case "done":
      guard let summary = try? decoder.decode(RecordingSummary.self, from: Data(value)) else { break }
      self = .done(summary)
      return
    case "failed":
      let failure = try? decoder.decode(ClusterFailure.self, from: Data(value))
      self = .failed((failure ?? ClusterFailure(code: String(decoding: value, as: UTF8.self))).error)
      return
    default: break
    }
    self = .failed(ClusterError.unreadable)
  }

  /// A piece as it stands in a stream: a line of JSON, then its bytes.
  static func value(of piece: RecordedAudio) throws -> [UInt8] {
    try Array(JSONEncoder().encode(piece.span)) + [0x0A] + piece.bytes
  }
}
