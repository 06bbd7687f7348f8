import Chatterbox
import Hummingbird
import Service

/// `GET /health/live` and `/health/ready`, for those who start, stop and balance nodes.
struct HealthEndpoint: Sendable {
  private struct Answer: Encodable {
    let status: String
    let checks: [String: String]
  }

  let node: SpeechNode

  var routes: [Route] {
    [
      Route(.get, "/health/live", for: nil) { _, _ in try Response(json: Answer(status: "ok", checks: [:])) },
      Route(.get, "/health/ready", for: nil) { _, _ in try await ready() },
    ]
  }

  private func ready() async throws -> Response {
    let report = await node.readiness()
    let answer = Answer(
      status: report.isReady ? "ready" : "not_ready",
      checks: report.checks.mapValues { $0 ?? "ok" })
    return try Response(
      json: answer, status: report.isReady ? .ok : .serviceUnavailable,
      headers: report.isReady ? [:] : [.retryAfter: "5"])
  }
}
