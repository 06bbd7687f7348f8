import Chatterbox
import Foundation
import Logging
import Redis

/// Doing what one item of the shared line asks for.
struct ClusterWork {
  /// From how many bytes on audio goes through Redis, where it could go later.
  private static let mostBytes = 256 << 10

  private let turn: ClusterTurn
  private let node: SpeechNode
  private let cluster: Cluster

  init(_ turn: ClusterTurn, _ node: SpeechNode, _ cluster: Cluster) {
    (self.turn, self.node, self.cluster) = (turn, node, cluster)
  }

  func run() async {
    do {
      switch turn.work {
      case .speech(let speech): try await speak(speech)
      case .job: try await node.jobs.run(turn)
      case .unreadable: throw ClusterError.unreadable
      }
    } catch is CancellationError {
      // Nobody wants it any more, or the node stops.
      await giveBack()
    } catch let error as RedisError where turn.work == .job {
      // The job has not failed: another turn goes on with it, at the latest when this one's time is up.
      node.logger.warning("a job waits for Redis", metadata: ["cause": "\(error)"])
      await giveBack()
    } catch {
      if !(error is ChatterboxError) {
        node.logger.error("a turn came to nothing", metadata: ["cause": "\(type(of: error))"])
      }
      await fail(error)
    }
  }

  private func speak(_ speech: ClusterSpeech) async throws {
    let priority = (speech.request.priority ?? .interactive).rawValue
    node.metrics.queueWait.observe(max(0, Date.now.timeIntervalSince1970 - speech.entered), priority)
    let stream = try await stream(of: speech)
    let recording = try Recording(stream.info, speech.format, in: node.folders.temporary)
    guard let local = recording.reader(), let published = recording.reader() else {
      throw CancellationError()
    }
    let isFile = speech.delivery == .whole
    await cluster.relay.speakLocally(turn.id, local, atOnce: isFile)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await publish(published, atOnce: isFile) }
      group.addTask {
        do {
          let summary = try await node.paced { try await recording.record(stream, isFile: isFile) }
          await node.measure(summary, speech.request, of: speech.caller, by: stream.info.model)
          if let key = speech.key { await node.keep(recording, summary, key) }
          recording.finish(.success(summary))
        } catch {
          recording.finish(.failure(error))
          throw error
        }
      }
      try await group.waitForAll()
    }
  }

  private func stream(of speech: ClusterSpeech) async throws -> SpeechStream {
    do {
      return try node.engine.speak(speech.request, delivery: speech.delivery)
    } catch let error where error.code == .unknownPreset {
      // Another node has just made it.
      try await node.presets.refresh()
      return try node.engine.speak(speech.request, delivery: speech.delivery)
    }
  }

  /// Tells those who listen at other nodes what is made.
  ///
  /// - Parameter atOnce: whether nothing may be read before the end.
  private func publish(_ audio: RecordingReader, atOnce: Bool) async throws {
    if atOnce { _ = try await audio.summary() }
    // What nobody may read before the end need not go in the pieces that it was made in.
    var whole: RecordedAudio?
    for try await piece in audio {
      let audio = whole?.followed(by: piece) ?? piece
      let isEnough = !atOnce || audio.bytes.count >= Self.mostBytes
      if isEnough { try await publish(audio) }
      whole = isEnough ? nil : audio
    }
    if let whole { try await publish(whole) }
    let summary = Array(try JSONEncoder().encode(try await audio.summary()))
    guard try await persisting({ try await cluster.queue.finish("done", summary, of: turn) }) else {
      throw CancellationError()
    }
  }

  private func publish(_ piece: RecordedAudio) async throws {
    let value = try ClusterEvent.value(of: piece)
    guard try await persisting({ try await cluster.queue.publish("piece", value, of: turn) }) else {
      throw CancellationError()
    }
  }

  /// Lets another turn have it. Written down whether or not this task was cancelled.
  private func giveBack() async {
    await Task { _ = try? await cluster.queue.giveBack(turn) }.value
  }

  private func fail(_ error: any Error) async {
    let value = (try? JSONEncoder().encode(ClusterFailure(error))).map(Array.init) ?? []
    _ = try? await persisting { try await cluster.queue.finish("failed", value, of: turn) }
  }

  private func persisting<Value>(_ work: () async throws -> Value) async throws -> Value {
    try await Redis.persisting(for: Cluster.patience, work)
  }
}
