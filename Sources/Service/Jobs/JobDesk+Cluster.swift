import Foundation
import Logging
import Redis

// Jobs that any of many nodes may speak.
extension JobDesk {
  /// Speaks a job whose turn this node has.
  ///
  /// Whatever happens, the job ends once: what counts is written down only while the turn is still this node's.
  ///
  /// - Throws: `CancellationError` when the node stops, or nobody wants the job any more.
  func run(_ turn: ClusterTurn) async throws {
    do {
      let job = try await persisting(for: Cluster.patience) {
        try await store.change(turn.id, holding: turn.entry) { job in
          if !job.status.isFinal { job.status = .running }
        }
      }
      // Forgotten, or of a version that this one cannot read: nothing that comes again would be different.
      guard let job else { throw ClusterError.unreadable }
      guard job.status == .running else { throw CancellationError() }
      let outcome: Result<StoredAudio, any Error>
      do {
        outcome = .success(try await JobWork(job, node, store, holding: turn.entry).make())
      } catch is CancellationError {
        throw CancellationError()
      } catch let lost as JobTurnLost {
        throw lost
      } catch let error as RedisError {
        // Nothing of the job's own: another try may do.
        throw error
      } catch {
        outcome = .failure(error)
      }
      // Written down whether or not this task was cancelled.
      try await Task { try await end(job, outcome, turn) }.value
    } catch is JobTurnLost {
      throw CancellationError()
    }
  }

  /// Writes down how a job has ended, while its turn is still this node's.
  ///
  /// - Throws: ``JobTurnLost``; ``RedisError`` when it is not certain whether it was written.
  func end(_ job: Job, _ outcome: Result<StoredAudio, any Error>, _ turn: ClusterTurn) async throws {
    do {
      let changed = try await persisting(for: Cluster.patience) {
        try await store.change(job.id, holding: turn.entry) { job in
          // Written already, and only the answer was lost.
          if case .success(let audio) = outcome, job.result?.id == audio.id { return }
          job.end(outcome)
        }
      }
      if changed?.status == .done {
        try? FileManager.default.removeItem(at: node.folders.spool(of: job.id))
      }
    } catch let lost as JobTurnLost {
      if case .success(let audio) = outcome { await removeUncounted(audio, of: job.id) }
      throw lost
    }
  }

  /// Deletes audio that came too late. Where that is not certain it stays, and is cleaned up with what is old.
  private func removeUncounted(_ audio: StoredAudio, of id: String) async {
    guard let now = try? await store.job(id), now.result?.id != audio.id else { return }
    try? await node.storage.remove(audio.id)
  }

  /// Ends jobs that were put aside after too many tries.
  func giveUp(_ ids: [String]) async throws {
    for id in ids {
      try await store.change(id) { job in
        guard !job.status.isFinal else { return }
        job.end(.failure(QueueError.givenUp))
      }
    }
  }

  /// Ends, or puts back into the line, jobs that the line has forgotten.
  func lookAfterTheForgotten() async throws {
    guard let store = store as? RedisJobStore else { return }
    for job in try await store.forgotten() {
      try await store.change(job.id) { job in
        switch job.status {
        case .running: job.end(.failure(QueueError.givenUp))
        // Anything that is different writes it down again, and so into the line.
        case .queued: job.updated = 0
        case .done, .failed, .cancelled: break
        }
      }
    }
  }
}
