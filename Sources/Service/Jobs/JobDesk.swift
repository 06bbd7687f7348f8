package import Audio
package import Chatterbox
import Foundation
import Logging

/// What can be done with jobs.
package struct JobDesk: Sendable {
  /// Why something cannot be done with a job.
  package enum Refusal: Error, Hashable, Sendable {
    case unknown
    /// It is not in a state for that.
    case wrongState(Job.Status)
    /// Webhooks are off, or may not be sent there.
    case webhook(String)
  }

  let node: SpeechNode
  package let store: any JobStore
  /// Who speaks them; `nil` where the nodes of a cluster do.
  package let runner: JobRunner?

  init(node: SpeechNode) {
    self.node = node
    if let cluster = node.cluster {
      store = RedisJobStore(queue: cluster.queue)
      runner = nil
    } else {
      let database = DatabaseJobStore(
        database: node.database, capacity: node.configuration.queue.capacity)
      store = database
      runner = JobRunner(node: node, store: database)
    }
  }

  private func wake() {
    node.cluster?.wake()
    runner?.wake()
  }

  /// Takes a job on. Once this returns it will be spoken, whatever happens to the node.
  ///
  /// - Throws: ``ChatterboxError`` when it cannot be spoken; ``Refusal/webhook(_:)``.
  package func submit(
    _ request: SpeechRequest, format: AudioFormat, caller: String, idempotencyKey: String?, webhook: String?
  ) async throws -> Job {
    var request = request
    request.seed = request.seed ?? UInt64.random(in: 0..<1 << 53)
    try node.check(SpeechOrder(request, format: format, delivery: .whole))
    if let webhook { try WebhookRules(node.configuration.jobs).check(webhook) }
    let job = try await store.add(
      Job(
        Job.Order(request: request, format: format), caller: caller, idempotencyKey: idempotencyKey,
        webhook: webhook))
    wake()
    return job
  }

  /// Who tells others that jobs have ended.
  package var courier: WebhookCourier {
    WebhookCourier(store: store, rules: WebhookRules(node.configuration.jobs), logger: node.logger)
  }

  package func job(_ id: String) async throws -> Job {
    guard let job = try await store.job(id) else { throw Refusal.unknown }
    return job
  }

  /// Where a job that waits stands: how many go before it, and how long until its turn as things go.
  ///
  /// - Returns: `nil` when it does not wait.
  package func place(of job: Job) async throws -> QueuePlace? {
    guard job.status == .queued else { return nil }
    let ahead = try await store.ahead(of: job)
    let seconds = try await store.pace().map {
      $0 * ahead.characters / Double(node.configuration.queue.turnRules.mostBatch)
    }
    return QueuePlace(ahead: ahead.count, seconds: seconds)
  }

  /// Ends a job that is not done, or forgets one that has ended, with its audio.
  ///
  /// - Returns: the cancelled job; `nil` when it was forgotten.
  package func cancel(_ id: String) async throws -> Job? {
    let before = try await job(id)
    if before.status.isFinal {
      try await forget(before)
      return nil
    }
    let job = try await store.change(id) { if !$0.status.isFinal { $0.status = .cancelled } }
    await runner?.stop(id)
    return job
  }

  /// Lets a job that failed or was cancelled go on where it was.
  package func resume(_ id: String) async throws -> Job {
    let before = try await job(id)
    guard before.status == .failed || before.status == .cancelled else {
      throw Refusal.wrongState(before.status)
    }
    let job = try await store.change(id) { job in
      guard job.status.isFinal, job.status != .done else { return }
      job.status = .queued
      job.failure = nil
    }
    wake()
    return job ?? before
  }

  /// Forgets a job that has ended, with its audio.
  ///
  /// - Returns: whether it is gone; somebody may have resumed it meanwhile.
  @discardableResult
  private func forget(_ job: Job) async throws -> Bool {
    if let result = job.result { try await node.storage.remove(result.id) }
    try await store.remove(job)
    guard try await store.job(job.id) == nil else { return false }
    try? FileManager.default.removeItem(at: node.folders.spool(of: job.id))
    return true
  }

  /// Removes samples of jobs that ended, or that nobody knows: another node has spoken them, or forgotten them.
  package func removeOldSpools() async {
    let folder = node.folders.spools
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [] {
      guard name.hasSuffix(".samples") else { continue }
      let id = String(name.dropLast(".samples".count))
      do {
        let job = try await store.job(id)
        // One that failed or was cancelled can be resumed.
        guard job == nil || job?.status == .done else { continue }
        try FileManager.default.removeItem(at: node.folders.spool(of: id))
      } catch {
        node.logger.debug("samples were left", metadata: ["cause": "\(type(of: error))"])
      }
    }
  }

  /// Forgets jobs that ended long ago, again and again, until it is cancelled.
  package func clean() async {
    let hours = node.configuration.storage.cleanupAfterHours
    while !Task.isCancelled {
      await removeOldSpools()
      if hours > 0 {
        await forgetJobs(endedBefore: Date.now.timeIntervalSince1970 - Double(hours) * 3_600)
      }
      try? await Task.sleep(for: .seconds(600))
    }
  }

  func forgetJobs(endedBefore limit: Double) async {
    while !Task.isCancelled, let jobs = try? await store.ended(before: limit), !jobs.isEmpty {
      var isStuck = true
      for job in jobs where (try? await forget(job)) == true { isStuck = false }
      // A storage that is away keeps them all.
      if isStuck { return }
    }
  }
}
