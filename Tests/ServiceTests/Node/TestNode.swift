import Chatterbox
import Foundation
import Logging
import Testing

@testable import Service

/// A node with folders of its own, and the espeak and starter voices.
struct TestNode {
  static let engine = Result { try ChatterboxEngine() }

  let folder: TemporaryFolder
  let node: SpeechNode

  /// - Parameter folder: what an earlier node has left, as after a restart.
  init(
    in folder: TemporaryFolder? = nil, _ change: (inout ServiceConfiguration) -> Void = { _ in }
  ) throws {
    self.folder = try folder ?? TemporaryFolder()
    var configuration = ServiceConfiguration()
    // Its folder is one log's; a node that is dropped as in a crash keeps it for a moment.
    configuration.security.audit.enabled = false
    change(&configuration)
    configuration.server.dataDirectory = self.folder.url.path
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    node = try SpeechNode(engine: try Self.engine.get(), configuration: configuration, logger: logger)
  }

  /// Speaks with the plainest voice, in parts of a sentence.
  func order(_ text: String, seed: UInt64? = nil) -> SpeechOrder {
    var request = SpeechRequest(text: text, model: "espeak")
    request.seed = seed
    return SpeechOrder(request, delivery: .whole)
  }

  func running() async -> Int { await node.queue.status().running }
}

/// Waits for something that must come; the time limit only ends a test that would hang.
func eventually(_ condition: () async throws -> Bool) async throws {
  let end = ContinuousClock.now + .seconds(30)
  while try await !condition(), ContinuousClock.now < end { try await Task.sleep(for: .milliseconds(5)) }
  #expect(try await condition())
}

/// More than a minute of work, so that what ends sooner was stopped.
let longText = String(repeating: "One two three four five six seven. ", count: 2_500)
