import Chatterbox
import Foundation
import Hummingbird
import Service

/// `POST /api/v1/tts/stream`: a request's speech while it is being made.
struct StreamEndpoint: Sendable {
  let node: SpeechNode
  let bodies: RequestBodyReader

  /// Speaks a request, from the first samples on.
  ///
  /// The answer begins with the first audio, so that what goes wrong before it is still an error of its own.
  ///
  /// - Throws: ``APIError``, ``ChatterboxError``, ``QueueError``; `CancellationError` when the client has gone.
  func respond(to request: Request, _ context: APIContext) async throws -> Response {
    let asked = try GenerateRequest(json: try await bodies.json(of: request))
    let answer = try await context.begun(asked.order(of: request, context, delivery: .early), by: node)
    var headers = try HTTPFields(answer)
    switch asked.stream {
    case .audio: return context.streamedResponse(answer, headers: headers)
    case .events:
      headers.sendEvents()
      return Response(status: .ok, headers: headers, body: try SpeechEvents.body(of: answer, context))
    }
  }
}

/// The two ways of sending audio that is being made.
enum StreamForm: String, CaseIterable, Sendable {
  /// Its bytes, one after the other.
  case audio
  /// Server-sent events with its bytes in base64.
  case events = "sse"
}
