import Chatterbox
import Hummingbird

/// Whether the service can do its work, for load balancers and people.
struct Health: Encodable {
  enum Status: String, Encodable {
    case ok
    /// It runs, but nothing that could speak is installed.
    case degraded
  }

  let status: Status
  let version: String
  /// The names of the installed models.
  let models: [String]
  let uptime: Int

  private enum CodingKeys: String, CodingKey {
    case status
    case version
    case models
    case uptime = "uptime_seconds"
  }

  init(of models: [ModelStatus], uptime: Duration) {
    self.models = models.filter(\.installed).map(\.name)
    status = self.models.isEmpty ? .degraded : .ok
    version = Server.version
    self.uptime = Int(uptime.components.seconds)
  }

  func response() throws -> Response {
    try Response(json: self, status: status == .ok ? .ok : .serviceUnavailable)
  }
}
