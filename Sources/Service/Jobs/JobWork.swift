import Audio
import Chatterbox
import Foundation
import Redis

/// Speaking one job from where it is to its end.
struct JobWork {
  /// How long a store that does not answer is tried.
  private static let patience = Duration.seconds(300)

  private let job: Job
  private let node: SpeechNode
  private let store: any JobStore
  /// Proves that the job is still this node's; `nil` where there is no other.
  private let turn: String?

  init(_ job: Job, _ node: SpeechNode, _ store: any JobStore, holding turn: String? = nil) {
    (self.job, self.node, self.store, self.turn) = (job, node, store, turn)
  }

  /// Speaks the job when it is its turn among this node's requests.
  ///
  /// - Returns: the audio in storage.
  /// - Throws: ``ChatterboxError``, ``QueueError``, ``StorageError``; `CancellationError`.
  func run() async throws -> StoredAudio {
    let ticket = QueueTicket(
      priority: job.order.request.priority ?? .batch, caller: job.caller,
      cost: job.order.request.text.count)
    try await node.queue.enter(ticket)
    return try await node.queue.run(ticket) { try await make() }
  }

  /// Speaks the job now.
  ///
  /// - Throws: as ``run()``; ``JobTurnLost``.
  func make() async throws -> StoredAudio {
    let stream = try node.engine.speak(job.order.request, delivery: .whole)
    let spool = try await node.paced { try await record(stream) }
    let file = node.folders.temporary.appending(path: "job-\(job.id)-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    try spool.encode(job.order.format, to: file)
    return try await keep(file)
  }

  /// Puts the audio into the store, which may be away for a while.
  private func keep(_ file: URL) async throws -> StoredAudio {
    let end = ContinuousClock.now + Self.patience
    var pause = Duration.seconds(1)
    while true {
      do {
        return try await node.storage.keep(fileAt: file, format: job.order.format)
      } catch StorageError.unavailable {
        guard ContinuousClock.now < end else { throw StorageError.unavailable }
        try await Task.sleep(for: pause)
        pause = min(pause * 2, .seconds(20))
      }
    }
  }

  /// Speaks what is not kept yet, and keeps it piece by piece.
  private func record(_ stream: SpeechStream) async throws -> JobSpool {
    var progress = job.progress
    var spool = try spool(of: &progress)
    var chunks = stream.iterator(startingAt: progress.piece)
    let (start, before) = (ContinuousClock.now, progress.seconds)
    var share = progress.share
    func keep(upTo piece: Int) async throws {
      try spool.synchronize()
      progress.piece = piece
      progress.share = share
      progress.sampleCount = spool.sampleCount
      progress.seconds = before + start.duration(to: .now) / .seconds(1)
      try await write(progress)
    }
    while let chunk = try await chunks.next() {
      // The first chunk of a piece says that those before it are whole.
      if chunk.piece > progress.piece { try await keep(upTo: chunk.piece) }
      try spool.append(chunk.samples)
      share = chunk.progress
    }
    share = 1
    try await keep(upTo: .max)
    node.metrics.audioSeconds.add(progress.duration - job.progress.duration, stream.info.model)
    return spool
  }

  private func write(_ progress: Job.Progress) async throws {
    try await persisting(for: Self.patience) {
      try await store.keep(progress, of: job.id, holding: turn)
    }
  }

  /// What is kept of the job here. What another node kept died with it, and is spoken again.
  private func spool(of progress: inout Job.Progress) throws(StorageError) -> JobSpool {
    let file = node.folders.spool(of: job.id)
    do throws(StorageError) {
      return try JobSpool(at: file, sampleCount: progress.sampleCount)
    } catch {
      guard error == .damaged, turn != nil else { throw error }
      progress = Job.Progress()
      return try JobSpool(at: file, sampleCount: 0)
    }
  }
}
