import Hummingbird
import Service

/// `GET /api/v1/usage`: who had how much spoken, by day.
struct UsageEndpoint: Sendable {
  private struct Entry: Encodable {
    let day: String
    let caller: String
    let model: String
    let requests: Int
    let characters: Int
    let audioSeconds: Double

    private enum CodingKeys: String, CodingKey {
      case day
      case caller
      case model
      case requests
      case characters
      case audioSeconds = "audio_seconds"
    }
  }

  let node: SpeechNode

  /// All of it for administrators, their own for others.
  func respond(to caller: Caller) async throws -> Response {
    let entries = try await node.usage.entries().filter { caller.owns($0.caller) }.map { entry in
      Entry(
        day: entry.day, caller: entry.caller, model: entry.model, requests: entry.requests,
        characters: entry.characters, audioSeconds: entry.audioSeconds)
    }
    return try Response(json: ["usage": entries])
  }
}
