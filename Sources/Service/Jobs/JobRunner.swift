import Audio
import Chatterbox
import Foundation
import Logging

/// Speaks jobs, a few at a time, and keeps every piece as it is made.
package actor JobRunner {
  private let node: SpeechNode
  private let store: DatabaseJobStore
  private var work: [String: (caller: String, task: Task<Void, Never>)] = [:]
  /// Wakes the loop when there is something to do.
  private let (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

  init(node: SpeechNode, store: DatabaseJobStore) {
    self.node = node
    self.store = store
  }

  /// How many jobs are spoken at a time: batch work has half of the turns.
  nonisolated var mostAtOnce: Int { node.configuration.queue.turnRules.mostBatch }

  /// Speaks jobs as they come, until it is cancelled. What is under way then goes on at the next start.
  package func run() async {
    do {
      try await store.requeue()
    } catch {
      node.logger.error("jobs cannot be read", metadata: ["cause": "\(type(of: error))"])
    }
    signal.yield()
    for await _ in signals {
      guard !Task.isCancelled else { break }
      await begin()
    }
    for (_, task) in work.values { task.cancel() }
    for (_, task) in work.values { await task.value }
  }

  /// There is a job to take.
  package nonisolated func wake() { signal.yield() }

  /// Ends a job that is being spoken.
  package func stop(_ id: String) async {
    guard let (_, task) = work[id] else { return }
    task.cancel()
    await task.value
  }

  private func begin() async {
    while work.count < mostAtOnce, !Task.isCancelled {
      let running = Dictionary(grouping: work.values, by: \.caller).mapValues(\.count)
      guard let job = try? await store.takeNext(except: running) else { return }
      let task = Task { [weak self] in
        await self?.speak(job)
        return
      }
      work[job.id] = (job.caller, task)
    }
  }

  private func speak(_ job: Job) async {
    let outcome: Result<StoredAudio, any Error>
    do {
      outcome = .success(try await JobWork(job, node, store).run())
    } catch {
      outcome = .failure(error)
    }
    // Written down whether or not the work was cancelled.
    await Task { await finish(job, outcome) }.value
    work[job.id] = nil
    wake()
  }

  private func finish(_ job: Job, _ outcome: Result<StoredAudio, any Error>) async {
    do {
      let changed = try await store.change(job.id) { job in
        // Somebody may have cancelled it meanwhile.
        if job.status == .running { job.end(outcome) }
      }
      if changed?.status == .done { try? FileManager.default.removeItem(at: node.folders.spool(of: job.id)) }
    } catch {
      node.logger.error("a job's end could not be written down", metadata: ["cause": "\(type(of: error))"])
    }
  }
}

extension Job {
  /// How it has ended, or that it waits again when its node stops.
  mutating func end(_ outcome: Result<StoredAudio, any Error>) {
    let now = Date.now.timeIntervalSince1970
    switch outcome {
    case .success(let audio):
      status = .done
      result = audio
      progress.share = 1
      webhook?.nextAttempt = now
    case .failure(is CancellationError), .failure(QueueError.closed):
      // The node stops: the job goes on when it is back.
      status = .queued
    case .failure(let error):
      status = .failed
      failure = Failure(error)
      webhook?.nextAttempt = now
    }
  }
}

extension Job.Failure {
  /// What a client may know of an error.
  init(_ error: any Error) {
    switch error {
    case let error as ChatterboxError: self.init(code: error.code.rawValue, message: error.message)
    case let error as StorageError where error == .damaged:
      self.init(code: "audio_damaged", message: "What was kept of the job is damaged: make it again.")
    case StorageError.unavailable:
      self.init(
        code: "storage_unavailable",
        message: "The object store did not take the audio. What was spoken is kept: resume the job later.")
    case QueueError.givenUp:
      self.init(
        code: "dead_letter",
        message:
          "It was begun several times, and each time the server that spoke it died. Look at the servers' logs."
      )
    case is StorageError:
      self.init(code: ChatterboxError.noRoom.code.rawValue, message: ChatterboxError.noRoom.message)
    case QueueError.full: self.init(code: "queue_full", message: "The queue was full: resume it later.")
    default: self.init(code: "internal_error", message: "Something unexpected went wrong.")
    }
  }
}
