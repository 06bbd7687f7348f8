import Chatterbox
import Foundation
import Hummingbird
import Service

/// `POST /api/v1/tts/generate`: a request's speech as an audio file.
struct GenerateEndpoint: Sendable {
  let node: SpeechNode
  let bodies: RequestBodyReader

  /// Speaks a request. Nothing leaves before the whole audio is made and checked.
  ///
  /// - Throws: ``APIError``, ``ChatterboxError``, ``QueueError``; `CancellationError` when the client has gone,
  ///   which stops the work.
  func respond(to request: Request, _ context: APIContext) async throws -> Response {
    let asked = try GenerateRequest(json: try await bodies.json(of: request))
    let order = asked.order(of: request, context, delivery: .whole)
    return try await context.wholeResponse(order, by: node)
  }
}

extension Request {
  /// Whether an answer that was made before will not do.
  var wantsFreshAnswer: Bool {
    let wishes = headers[.cacheControl]?.lowercased() ?? ""
    return wishes.contains("no-cache") || wishes.contains("no-store")
  }
}

extension RecordingReader {
  /// A whole recording's bytes, read as fast as the client takes them.
  func fileBody(_ summary: RecordingSummary) -> ResponseBody {
    ResponseBody(contentLength: summary.byteCount) { writer in
      for offset in stride(from: 0, to: summary.byteCount, by: 64 << 10) {
        let range = offset..<Swift.min(offset + 64 << 10, summary.byteCount)
        try await writer.write(ByteBuffer(bytes: try self.recording.bytes(in: range)))
      }
      try await writer.finish(nil)
    }
  }
}
