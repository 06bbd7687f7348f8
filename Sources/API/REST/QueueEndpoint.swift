import Chatterbox
import Hummingbird
import Service

/// `GET /api/v1/queue`: how busy the node is.
struct QueueEndpoint: Sendable {
  private struct Answer: Encodable {
    let waiting: [String: Int]
    let running: Int
    let capacity: Int
    let concurrent: Int
  }

  let node: SpeechNode

  func respond() async throws -> Response {
    let status = await node.queueStatus()
    let waiting = SpeechPriority.allCases.map { ($0.rawValue, status.waiting[$0, default: 0]) }
    return try Response(
      json: Answer(
        waiting: Dictionary(uniqueKeysWithValues: waiting), running: status.running,
        capacity: node.configuration.queue.capacity, concurrent: node.configuration.queue.concurrent))
  }
}
