import Audio
package import Chatterbox
package import Foundation
package import Logging
import Synchronization

/// What one server does with a request, whichever way it came in: look whether the answer is there, wait for a
/// turn, speak, encode, remember.
package final class SpeechNode: Sendable {
  /// The version that the service reports.
  package static let version = "0.1.0"

  package let engine: ChatterboxEngine
  package let configuration: ServiceConfiguration
  package let folders: NodeFolders
  package let queue: any SpeechQueue
  /// Audio that somebody comes back for.
  package let storage: any AudioStorage
  package let logger: Logger
  package let metrics = NodeMetrics(version: SpeechNode.version)
  package let lifecycle = NodeLifecycle()
  package let database: NodeDatabase
  package let presets: PresetShelf
  /// Who had how much spoken.
  package let usage: UsageLedger
  let health = NodeHealth()
  private let cache: (any SpeechCache)?
  private let lazyJobs = Mutex<JobDesk?>(nil)
  /// Longer answers are not kept: they would push out many others, and be read into memory at once.
  private static let mostKeptBytes = 32 << 20
  /// What is being made, by what would make it.
  private let making = Mutex<[String: Recording]>([:])

  /// - Throws: ``ChatterboxError`` when the folders cannot be made; ``NodeDatabaseError``.
  package init(
    engine: ChatterboxEngine, configuration: ServiceConfiguration = .init(), logger: Logger
  ) throws {
    self.engine = engine
    self.configuration = configuration
    self.logger = logger
    folders = try NodeFolders(configuration)
    database = try NodeDatabase(at: folders.database)
    presets = PresetShelf(
      engine: engine, configured: engine.configuration.presets, store: PresetStore(database: database))
    try presets.publish()
    usage = UsageLedger(store: UsageStore(database: database), logger: logger)
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

  /// Voices that are uploaded.
  package var voices: VoiceDesk { VoiceDesk(engine: engine, folders: folders) }

  /// How sure the detector is that audio carries the watermark, 0…1.
  ///
  /// - Parameter bytes: a WAV, FLAC, MP3 or OGG file.
  /// - Throws: ``ChatterboxError``.
  package func watermarkConfidence(in bytes: Data) async throws -> Double {
    let file = folders.temporary.appending(path: "upload-\(UUID().uuidString)")
    do { try bytes.write(to: file) } catch { throw ChatterboxError.noRoom }
    defer { try? FileManager.default.removeItem(at: file) }
    return try await engine.watermarkConfidence(inFile: file.path)
  }

  /// Long texts that are spoken without anybody waiting.
  package var jobs: JobDesk {
    lazyJobs.withLock { desk in
      let made = desk ?? JobDesk(node: self)
      desk = made
      return made
    }
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
    var voice = order.voice
    if let reference = order.voiceReference {
      voice = try await voices.voice(reference: reference, for: order.request)
    }
    let stream = try engine.speak(order.request, voice: voice, delivery: order.delivery)
    let key = "\(stream.fingerprint(hasSeed: order.request.seed != nil)).\(order.format.rawValue)"
    if !order.isFresh, let cached = await cache?.speech(for: key), let reader = cached.recording.reader() {
      metrics.speech.add(1, stream.info.model, SpeechAnswer.Source.hit.rawValue)
      return SpeechAnswer(source: .hit, audio: reader)
    }
    let (recording, reader, isNew) = try making.withLock {
      making throws(ChatterboxError) -> (Recording, RecordingReader?, Bool) in
      if !order.isFresh, order.isShared, let recording = making[order.place(key)],
        let reader = recording.reader()
      {
        return (recording, reader, false)
      }
      let recording = try Recording(stream.info, order.format, in: folders.temporary)
      if cache != nil, order.isShared { making[order.place(key)] = recording }
      return (recording, recording.reader(), true)
    }
    guard let reader else { throw CancellationError() }
    if isNew { try await begin(recording, of: stream, order, key) }
    let source = isNew ? SpeechAnswer.Source.miss : .shared
    metrics.speech.add(1, stream.info.model, source.rawValue)
    return SpeechAnswer(source: source, audio: reader)
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
      end(recording, .failure(error), order.place(key))
      throw error
    }
    let entered = ContinuousClock.now
    let work = lifecycle.begin {
      Task {
        do {
          let summary = try await queue.run(ticket) {
            metrics.queueWait.observe(entered.duration(to: .now) / .seconds(1), ticket.priority.rawValue)
            return try await recording.record(stream, isFile: order.delivery == .whole)
          }
          await measure(summary, order, by: stream.info.model)
          await keep(recording, summary, key)
          end(recording, .success(summary), order.place(key))
        } catch is CancellationError where lifecycle.phase == .stopping {
          end(recording, .failure(QueueError.closed), order.place(key))
        } catch {
          end(recording, .failure(error), order.place(key))
        }
      }
    }
    recording.isMade(by: work)
  }

  private func keep(_ recording: Recording, _ summary: RecordingSummary, _ key: String) async {
    guard let cache, summary.byteCount <= Self.mostKeptBytes,
      let bytes = try? recording.bytes(in: 0..<summary.byteCount)
    else { return }
    await cache.keep(
      CachedSpeech(
        info: recording.info, format: recording.format, bytes: bytes, spans: recording.spans,
        summary: summary),
      for: key)
  }

  private func end(_ recording: Recording, _ outcome: Result<RecordingSummary, any Error>, _ place: String) {
    making.withLock { if $0[place] === recording { $0[place] = nil } }
    recording.finish(outcome)
  }
}

extension SpeechOrder {
  /// Whether it may wait for what is being made for another, and another for it: a deadline is one's own.
  fileprivate var isShared: Bool { deadline == nil }

  /// Where it looks for what is being made: the urgent do not wait for the turn of those who can wait.
  fileprivate func place(_ key: String) -> String {
    "\(key) \((request.priority ?? .interactive).rawValue)"
  }
}
