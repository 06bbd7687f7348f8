import Audio
package import Chatterbox
import Foundation
package import Logging
import Synchronization

/// What one server does with a request, whichever way it came in: look whether the answer is there, wait for a
/// turn, speak, encode, remember.
package final class SpeechNode: Sendable {
  package let engine: ChatterboxEngine
  package let configuration: ServiceConfiguration
  package let folders: NodeFolders
  package let queue: any SpeechQueue
  /// Audio that somebody comes back for.
  package let storage: any AudioStorage
  package let logger: Logger
  private let cache: (any SpeechCache)?
  /// What is being made, by what would make it.
  private let making = Mutex<[String: Recording]>([:])

  /// - Throws: ``ChatterboxError`` when the folders cannot be made.
  package init(
    engine: ChatterboxEngine, configuration: ServiceConfiguration = .init(), logger: Logger
  ) throws(ChatterboxError) {
    self.engine = engine
    self.configuration = configuration
    self.logger = logger
    folders = try NodeFolders(configuration)
    queue = MemoryQueue(
      capacity: configuration.queue.capacity, concurrent: configuration.queue.concurrent)
    cache =
      configuration.cache.enabled
      ? LayeredCache(
        near: MemoryCache(
          capacity: configuration.cache.maxMemoryBytes, timeToLive: .seconds(configuration.cache.ttlSeconds)),
        far: DiskCache(
          directory: folders.cache, capacity: configuration.cache.maxDiskBytes,
          timeToLive: .seconds(configuration.cache.ttlSeconds)))
      : nil
    storage = LocalStorage(directory: folders.storage)
  }

  /// Refuses a request that cannot be spoken, without speaking it.
  ///
  /// - Throws: ``ChatterboxError`` that says what is wrong with it.
  package func check(_ order: SpeechOrder) throws(ChatterboxError) {
    _ = try engine.speak(order.request, voice: order.voice, delivery: order.delivery)
  }

  /// Speaks a request.
  ///
  /// - Returns: the answer, whose audio may still be to be made.
  /// - Throws: ``ChatterboxError`` that says what is wrong with the request; ``QueueError`` when there is no
  ///   place in the line.
  package func speak(_ order: SpeechOrder) async throws -> SpeechAnswer {
    let stream = try engine.speak(order.request, voice: order.voice, delivery: order.delivery)
    let key = "\(stream.fingerprint(hasSeed: order.request.seed != nil)).\(order.format.rawValue)"
    if !order.isFresh, let cached = await cache?.speech(for: key), let reader = cached.recording.reader() {
      return SpeechAnswer(source: .hit, audio: reader)
    }
    let (recording, reader, isNew) = try making.withLock {
      making throws(ChatterboxError) -> (Recording, RecordingReader?, Bool) in
      if !order.isFresh, let recording = making[key], let reader = recording.reader() {
        return (recording, reader, false)
      }
      let recording = try Recording(stream.info, order.format, in: folders.temporary)
      if cache != nil { making[key] = recording }
      return (recording, recording.reader(), true)
    }
    guard let reader else { throw CancellationError() }
    if isNew { try await begin(recording, of: stream, order, key) }
    return SpeechAnswer(source: isNew ? .miss : .shared, audio: reader)
  }

  private func begin(
    _ recording: Recording, of stream: SpeechStream, _ order: SpeechOrder, _ key: String
  ) async throws {
    let ticket = QueueTicket(
      priority: order.request.priority ?? .interactive, caller: order.caller,
      cost: order.request.text.count, deadline: order.deadline)
    do {
      try await queue.enter(ticket)
    } catch {
      end(recording, .failure(error), key)
      throw error
    }
    recording.isMade(
      by: Task {
        do {
          let summary = try await queue.run(ticket) {
            try await recording.record(stream, isFile: order.delivery == .whole)
          }
          await keep(recording, summary, key)
          end(recording, .success(summary), key)
        } catch {
          end(recording, .failure(error), key)
        }
      })
  }

  private func keep(_ recording: Recording, _ summary: RecordingSummary, _ key: String) async {
    guard let cache, let bytes = try? recording.bytes(in: 0..<summary.byteCount) else { return }
    await cache.keep(
      CachedSpeech(
        info: recording.info, format: recording.format, bytes: bytes, spans: recording.spans,
        summary: summary),
      for: key)
  }

  private func end(_ recording: Recording, _ outcome: Result<RecordingSummary, any Error>, _ key: String) {
    making.withLock { if $0[key] === recording { $0[key] = nil } }
    recording.finish(outcome)
  }
}
