import AsyncHTTPClient
import Audio
package import Chatterbox
package import Foundation
package import Logging
import Redis
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
  /// What the node shares with others; `nil` when it is the only one.
  package let cluster: Cluster?
  package let keys: KeyDesk
  /// Who is let in.
  package let doorkeeper: Doorkeeper
  /// What is written down about requests; `nil` when nothing is.
  package let audit: NodeAudit?
  let health = NodeHealth()
  private let cache: LayeredCache?
  private let simulatedCost: Duration?
  /// What talks with the object store, if there is one.
  private let storeClient: HTTPClient?
  private let lazyJobs = Mutex<JobDesk?>(nil)
  /// Longer answers are not kept: they would push out many others, and be read into memory at once.
  private static let mostKeptBytes = 32 << 20
  /// What is being made, by what would make it.
  private let making = Mutex<[String: Recording]>([:])

  /// - Parameter simulatedCost: how long every turn takes at least, for measurements of everything but the engine.
  /// - Throws: ``ChatterboxError`` when the folders cannot be made; ``NodeDatabaseError``; ``ConfigurationError``; ``AuditError``.
  package init(
    engine: ChatterboxEngine, configuration: ServiceConfiguration = .init(), simulatedCost: Duration? = nil,
    logger: Logger
  ) throws {
    try configuration.checkForServing()
    self.engine = engine
    self.configuration = configuration
    self.simulatedCost = simulatedCost
    self.logger = logger
    folders = try NodeFolders(configuration)
    database = try NodeDatabase(at: folders.database)
    usage = UsageLedger(store: UsageStore(database: database), logger: logger)
    queue = MemoryQueue(
      capacity: configuration.queue.capacity, concurrent: configuration.queue.concurrent)
    let redis = configuration.cache.redisClient
    cluster =
      configuration.queue.type == .redis
      ? redis.map { Cluster(redis: $0, configuration: configuration.queue) } : nil
    presets = PresetShelf(
      engine: engine, configured: engine.configuration.presets, store: PresetStore(database: database),
      shared: cluster.map { SharedPresets(redis: $0.queue.redis) })
    try presets.publish()
    keys = KeyDesk(store: redis.map { RedisKeyStore(redis: $0) } ?? DatabaseKeyStore(database: database))
    doorkeeper = Doorkeeper(configuration.security, keys: keys, redis: redis, logger: logger)
    audit = try NodeAudit(
      configuration.security.audit, in: folders.audit, database: database, logger: logger)
    cache = configuration.cache.enabled ? LayeredCache(configuration.cache, in: folders, redis) : nil
    if let location = S3Location(configuration.storage) {
      let http = S3Client.makeHTTP()
      storage = S3Storage(S3Client(location, over: http))
      storeClient = http
    } else {
      storage = LocalStorage(directory: folders.storage)
      storeClient = nil
    }
  }

  /// Closes what is open to others. Nothing may be asked of the node any more.
  package func close() async {
    if let storeClient { try? await storeClient.shutdown() }
    await audit?.close()
  }

  /// An address where whoever has it can fetch an audio, past this node; `nil` when there is none, or it is not wanted.
  package func downloadAddress(of audio: StoredAudio) -> String? {
    let seconds = configuration.storage.presignSeconds
    return seconds > 0 ? storage.address(of: audio, for: .seconds(seconds))?.absoluteString : nil
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
    let key = key(of: stream, order)
    if !order.isFresh, let cached = await cache?.speech(for: key), let reader = cached.recording.reader() {
      metrics.speech.add(1, stream.info.model, SpeechAnswer.Source.hit.rawValue)
      return SpeechAnswer(source: .hit, audio: reader)
    }
    if let cluster, voice == nil {
      let (reader, source) = try await begin(order, stream, key, in: cluster)
      metrics.speech.add(1, stream.info.model, source.rawValue)
      return SpeechAnswer(source: source, audio: reader)
    }
    let (reader, source) = try await begin(order, stream, key)
    metrics.speech.add(1, stream.info.model, source.rawValue)
    return SpeechAnswer(source: source, audio: reader)
  }

  /// What the answers that may stand for each other have in common.
  private func key(of stream: SpeechStream, _ order: SpeechOrder) -> String {
    let speech = "\(stream.fingerprint(hasSeed: order.request.seed != nil)).\(order.format.rawValue)"
    guard configuration.security.isOn, configuration.cache.perCaller else { return speech }
    // Nobody shall learn what others had spoken.
    return "\(speech).\(SHA256Digest.hexadecimal(of: Array(order.caller.utf8)).prefix(16))"
  }

  /// Whether answers are kept to be given again.
  var isCaching: Bool { cache != nil }

  /// Has a request spoken by this node.
  private func begin(
    _ order: SpeechOrder, _ stream: SpeechStream, _ key: String
  ) async throws -> (RecordingReader, SpeechAnswer.Source) {
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
    return (reader, isNew ? .miss : .shared)
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
            return try await paced { try await recording.record(stream, isFile: order.delivery == .whole) }
          }
          await measure(summary, order.request, of: order.caller, by: stream.info.model)
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

  /// Lets work take the time that was asked to be simulated.
  func paced<Value: Sendable>(_ work: () async throws -> Value) async throws -> Value {
    let start = ContinuousClock.now
    let value = try await work()
    if let simulatedCost { try await Task.sleep(until: start + simulatedCost) }
    return value
  }

  /// Remembers an answer.
  func keep(_ recording: Recording, _ summary: RecordingSummary, _ key: String) async {
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
  var isShared: Bool { deadline == nil }

  /// Where it looks for what is being made: the urgent do not wait for the turn of those who can wait.
  func place(_ key: String) -> String {
    "\(key) \((request.priority ?? .interactive).rawValue)"
  }
}
