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
    let answer = try await begin(asked.order(of: request, context, delivery: .early), context)
    var headers = try HTTPFields(answer)
    switch asked.stream {
    case .audio:
      let body = answer.audio.streamedBody(context) { ByteBuffer(bytes: $0.bytes) }
      return Response(status: .ok, headers: headers, body: body)
    case .events:
      headers[.contentType] = "text/event-stream"
      // Proxies such as nginx would keep the events back until they have a lot.
      headers[.xAccelBuffering] = "no"
      return Response(status: .ok, headers: headers, body: try SpeechEvents.body(of: answer, context))
    }
  }

  private func begin(_ order: SpeechOrder, _ context: APIContext) async throws -> SpeechAnswer {
    try await context.whileConnected {
      let answer = try await node.speak(order)
      try await answer.audio.begin()
      return answer
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
