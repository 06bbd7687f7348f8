import Chatterbox
import Foundation
import Redis

/// What a node shares with others through one Redis: the line of all requests, and the answers that are being made.
package final class Cluster: Sendable {
  /// How long it is tried to tell Redis how something ended, while it is away.
  static let patience = Duration.seconds(120)

  package let queue: ClusterQueue
  let relay: SpeechRelay
  /// How long a node may say nothing of what it has taken.
  let lease: Duration
  /// How often something is begun before it is put aside.
  let mostTries: Int
  /// Says that something was put into the line here.
  let calls: AsyncStream<Void>
  private let call: AsyncStream<Void>.Continuation

  init(redis: RedisClient, configuration: ServiceConfiguration.Queue) {
    let name = "\(ProcessInfo.processInfo.hostName)-\(UUID().uuidString.prefix(8).lowercased())"
    queue = ClusterQueue(redis: redis, node: name, capacity: configuration.capacity)
    relay = SpeechRelay(queue: queue)
    lease = .seconds(configuration.leaseSeconds)
    mostTries = configuration.maxTries
    (calls, call) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
  }

  /// There may be something to take.
  func wake() { call.yield() }
}

extension SpeechNode {
  /// Speaks what is in the line that all nodes share, until it is cancelled.
  package func workInCluster() async {
    guard let cluster else { return }
    await ClusterWorker(node: self, cluster: cluster).run()
  }

  /// Has a request spoken by whichever node has a turn for it.
  ///
  /// - Returns: who speaks, and whether it is being made for another already.
  func begin(
    _ order: SpeechOrder, _ stream: SpeechStream, _ key: String, in cluster: Cluster
  ) async throws -> (reader: RecordingReader, source: SpeechAnswer.Source) {
    try await lifecycle.holding { try await enter(order, stream, key, in: cluster) }
  }

  private func enter(
    _ order: SpeechOrder, _ stream: SpeechStream, _ key: String, in cluster: Cluster
  ) async throws -> (reader: RecordingReader, source: SpeechAnswer.Source) {
    var request = order.request
    request.seed = stream.info.seed
    let speech = ClusterSpeech(
      request: request, format: order.format, delivery: order.delivery, caller: order.caller,
      key: isCaching ? key : nil, entered: Date.now.timeIntervalSince1970)
    let isShared = isCaching && order.isShared && !order.isFresh
    let id = StoredAudio.newID()
    let place = try await cluster.queue.submit(
      speech, id: id, info: stream.info, place: isShared ? order.place(key) : nil,
      deadline: order.deadline)
    cluster.wake()
    switch place {
    case .own:
      return (try await follow(id, stream.info, order, cluster), .miss)
    case .shared(let other, let info):
      return (try await follow(other, info, order, cluster), .shared)
    }
  }

  /// Nobody listens here any more. Said whether or not this task was cancelled.
  private func leave(_ id: String, _ cluster: Cluster) async {
    await Task { _ = try? await cluster.queue.withdraw(id) }.value
  }

  private func follow(
    _ id: String, _ info: SpeechInfo, _ order: SpeechOrder, _ cluster: Cluster
  ) async throws -> RecordingReader {
    let recording: Recording
    do {
      recording = try Recording(info, order.format, in: folders.temporary)
    } catch {
      await leave(id, cluster)
      throw error
    }
    guard let reader = recording.reader() else { throw CancellationError() }
    let listener = UUID()
    let events = await cluster.relay.events(of: id, for: listener)
    let work = lifecycle.begin {
      Task {
        do {
          recording.finish(.success(try await recording.follow(events)))
        } catch {
          await cluster.relay.forget(id, by: listener)
          // One that has ended is gone, and cannot be left.
          await leave(id, cluster)
          let isStopping = error is CancellationError && lifecycle.phase == .stopping
          recording.finish(.failure(isStopping ? QueueError.closed : error))
        }
      }
    }
    recording.isMade(by: work)
    if let deadline = order.deadline { end(recording, ifWaitingAt: deadline, id, cluster) }
    return reader
  }

  /// Ends a request's waiting when its deadline passes before its turn.
  private func end(
    _ recording: Recording, ifWaitingAt deadline: ContinuousClock.Instant, _ id: String, _ cluster: Cluster
  ) {
    Task { [weak recording] in
      try? await Task.sleep(until: deadline)
      guard let recording, !recording.isFinished, (try? await cluster.queue.expire(id)) == true else {
        return
      }
      recording.finish(.failure(QueueError.deadlinePassed))
    }
  }
}
