import Audio
import Chatterbox
import Foundation

/// Speaking one job from where it is to its end.
struct JobWork {
  private let job: Job
  private let node: SpeechNode
  private let store: JobStore

  init(_ job: Job, _ node: SpeechNode, _ store: JobStore) {
    (self.job, self.node, self.store) = (job, node, store)
  }

  /// - Returns: the audio in storage.
  /// - Throws: ``ChatterboxError``, ``QueueError``, ``StorageError``; `CancellationError`.
  func run() async throws -> StoredAudio {
    let stream = try node.engine.speak(job.order.request, delivery: .whole)
    let ticket = QueueTicket(
      priority: job.order.request.priority ?? .batch, caller: job.caller,
      cost: job.order.request.text.count)
    try await node.queue.enter(ticket)
    return try await node.queue.run(ticket) {
      let spool = try await record(stream)
      let file = node.folders.temporary.appending(path: "job-\(job.id)")
      defer { try? FileManager.default.removeItem(at: file) }
      try spool.encode(job.order.format, to: file)
      return try await node.storage.keep(fileAt: file, format: job.order.format)
    }
  }

  /// Speaks what is not kept yet, and keeps it piece by piece.
  private func record(_ stream: SpeechStream) async throws -> JobSpool {
    var progress = job.progress
    var spool = try JobSpool(at: node.folders.spool(of: job.id), sampleCount: progress.sampleCount)
    var chunks = stream.iterator(startingAt: progress.piece)
    let (start, before) = (ContinuousClock.now, progress.seconds)
    var share = progress.share
    func keep(upTo piece: Int) async throws {
      try spool.synchronize()
      progress.piece = piece
      progress.share = share
      progress.sampleCount = spool.sampleCount
      progress.seconds = before + start.duration(to: .now) / .seconds(1)
      try await store.change(job.id) { [progress] in $0.progress = progress }
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
}
