import Chatterbox
import Foundation
import Redis
import Synchronization

/// Whether a node can take requests, check by check.
package struct Readiness: Sendable {
  /// What is wrong, by check; `nil` where nothing is.
  package let checks: [String: String?]

  /// Without its store a node still speaks: to take all nodes out for that would help nobody.
  package var isReady: Bool { checks.allSatisfy { $0.key == "storage" || $0.value == nil } }
}

/// What is only looked at now and then, since looking costs.
final class NodeHealth: Sendable {
  private let problem = Mutex<String?>(nil)
  private let storeProblem = Mutex<String?>(nil)

  /// What is wrong with the object store, as of the last look.
  var storageProblem: String? { storeProblem.withLock(\.self) }

  func look(at storage: any AudioStorage) async {
    let problem = await storage.problem()
    storeProblem.withLock { $0 = problem }
  }

  /// What is wrong with the disk, as of the last look.
  var diskProblem: String? { problem.withLock(\.self) }

  /// Tries to write into the node's folders.
  func look(at folders: NodeFolders) {
    let probe = folders.temporary.appending(path: "health-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: probe) }
    do {
      try Data(repeating: 0x2A, count: 64 << 10).write(to: probe)
      problem.withLock { $0 = nil }
    } catch {
      problem.withLock { $0 = "the data folder is full or not writable" }
    }
  }
}

extension SpeechNode {
  /// How busy the node is; of many nodes, how busy all of them are.
  package func queueStatus() async -> QueueStatus {
    if let cluster, let status = try? await cluster.queue.status() { return status }
    return await queue.status()
  }

  /// What is wrong with the shared store, without which this node takes no requests.
  private var redisProblem: String? {
    guard let cluster else { return nil }
    return cluster.queue.redis.answersFor == nil ? "the shared Redis does not answer" : nil
  }

  /// Whether the node can take requests now.
  package func readiness() async -> Readiness {
    let status = await queueStatus()
    let phase = lifecycle.phase
    let isFull = status.waiting[.interactive, default: 0] + status.waiting[.batch, default: 0]
    let report = Readiness(checks: [
      "phase": phase == .running ? nil : phase.rawValue,
      "models": engine.store.models.contains(where: \.installed) ? nil : "nothing that speaks is installed",
      "queue": isFull < configuration.queue.capacity ? nil : "full",
      "disk": health.diskProblem, "redis": redisProblem, "storage": health.storageProblem,
    ])
    metrics.ready.set(report.isReady ? 1 : 0)
    return report
  }

  /// Looks at the disk again and again, until it is cancelled.
  package func watchHealth() async {
    while !Task.isCancelled {
      health.look(at: folders)
      await health.look(at: storage)
      try? await Task.sleep(for: .seconds(configuration.monitoring.healthCheckInterval))
    }
  }
}
