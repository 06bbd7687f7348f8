import Foundation
import Logging
import Service
import ServiceLifecycle

/// The first to hear that the server is to stop: takes nothing new any more, and waits for what is under way.
///
/// While it waits the server still answers, so that load balancers see that it is not ready any more.
struct DrainService: ServiceLifecycle.Service {
  let node: SpeechNode
  let logger: Logger

  func run() async throws {
    try await gracefulShutdown()
    // Whoever asks a second time means it.
    signal(SIGINT, SIG_DFL)
    signal(SIGTERM, SIG_DFL)
    node.lifecycle.enter(.stopping)
    await node.queue.close()
    logger.info("stopping", metadata: ["drain_seconds": "\(node.configuration.server.drainSeconds)"])
    let end = ContinuousClock.now + .seconds(node.configuration.server.drainSeconds)
    while !node.lifecycle.isIdle, ContinuousClock.now < end {
      try await Task.sleep(for: .milliseconds(20))
    }
    if !node.lifecycle.isIdle {
      logger.warning("requests were cut off, since they took longer than server.drain_seconds")
      node.lifecycle.cancelWork()
    }
  }
}

/// Work that goes on beside the requests, until the server stops.
struct BackgroundService: ServiceLifecycle.Service {
  let work: @Sendable () async -> Void

  func run() async throws {
    await cancelWhenGracefulShutdown { await work() }
    // One whose setting is off has nothing to do, which is no reason to stop the server.
    try await gracefulShutdown()
  }
}
