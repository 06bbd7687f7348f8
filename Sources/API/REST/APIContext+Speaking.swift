import Hummingbird
import Service

// A request's speech, for as long as its client is there.
extension APIContext {
  /// Speaks up to the first audio, so that what goes wrong before it is still an answer of its own.
  ///
  /// - Throws: as ``SpeechNode/speak(_:)``; `CancellationError` when the client has gone.
  func begun(_ order: SpeechOrder, by node: SpeechNode) async throws -> SpeechAnswer {
    try await whileConnected {
      let answer = try await node.speak(order)
      try await answer.audio.begin()
      return answer
    }
  }

  /// Speaks to the end, and answers with the whole of it.
  ///
  /// - Throws: as ``SpeechNode/speak(_:)``; `CancellationError` when the client has gone.
  func wholeResponse(_ order: SpeechOrder, by node: SpeechNode) async throws -> Response {
    let (answer, summary) = try await whileConnected {
      let answer = try await node.speak(order)
      return (answer, try await answer.audio.summary())
    }
    var headers = try HTTPFields(answer)
    headers.add(summary)
    return Response(status: .ok, headers: headers, body: answer.audio.fileBody(summary))
  }

  /// Answers with audio while it is made.
  func streamedResponse(_ answer: SpeechAnswer, headers: HTTPFields) -> Response {
    Response(
      status: .ok, headers: headers, body: answer.audio.streamedBody(self) { ByteBuffer(bytes: $0.bytes) })
  }
}

extension HTTPFields {
  /// The headers of server-sent events.
  mutating func sendEvents() {
    self[.contentType] = "text/event-stream"
    // Proxies such as nginx would keep the events back until they have a lot.
    self[.xAccelBuffering] = "no"
  }
}
