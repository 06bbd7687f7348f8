import Audio
import Chatterbox
import Foundation
import Hummingbird
import Service

/// OpenAI's speech API, for programs that were written for it.
struct OpenAIEndpoint: Sendable {
  let node: SpeechNode
  let bodies: RequestBodyReader
  let names: OpenAINames

  init(node: SpeechNode, bodies: RequestBodyReader) {
    self.node = node
    self.bodies = bodies
    names = OpenAINames(configuration: node.configuration.openAI, engine: node.engine)
  }

  var routes: [Route] {
    [
      Route(.post, "/v1/audio/speech", for: .speak) { try await speech($0, $1) },
      Route(.get, "/v1/models", for: .read) { _, _ in
        try Response(json: OpenAIList(data: names.models.map(OpenAIModel.init)))
      },
      Route(.get, "/v1/models/:model", for: .read) { _, context in
        try model(try context.parameters.require("model"))
      },
      Route(.get, "/v1/audio/models", for: .read) { _, _ in
        try Response(json: ["models": names.models.map(OpenAIName.init)])
      },
      Route(.get, "/v1/audio/voices", for: .read) { _, _ in
        try Response(json: ["voices": names.voices.map(OpenAIName.init)])
      },
    ]
  }

  /// `POST /v1/audio/speech`: audio as it is made, or server-sent events.
  private func speech(_ request: Request, _ context: APIContext) async throws -> Response {
    let asked = try OpenAISpeechRequest(json: try await bodies.json(of: request), names: names)
    context.note(text: asked.speech.text)
    var order = SpeechOrder(asked.speech, format: asked.format, caller: context.caller.account)
    order.isFresh = request.wantsFreshAnswer
    let answer = try await context.begun(order, by: node)
    var headers = try HTTPFields(answer, warnings: asked.warnings)
    switch asked.stream {
    case .audio: return context.streamedResponse(answer, headers: headers)
    case .events:
      headers.sendEvents()
      let body = OpenAIEvents.body(of: answer, characters: asked.speech.text.count, context)
      return Response(status: .ok, headers: headers, body: body)
    }
  }

  private func model(_ name: String) throws -> Response {
    guard names.models.contains(name) else {
      throw APIError(
        status: .notFound, code: "model_not_found", message: "There is no model of this name here.",
        field: "model")
    }
    return try Response(json: OpenAIModel(id: name))
  }
}

/// A list as OpenAI's clients read it.
private struct OpenAIList<Element: Encodable>: Encodable {
  private let object = "list"
  let data: [Element]

  init(data: [Element]) { self.data = data }
}

/// A model as OpenAI's clients read it.
private struct OpenAIModel: Encodable {
  let id: String
  private let object = "model"
  /// The first of January 2025: the clients want a time, and nobody asks for it.
  private let created = 1_735_689_600
  private let owner = "chatterbox"

  private enum CodingKeys: String, CodingKey {
    case id
    case object
    case created
    case owner = "owned_by"
  }

  init(id: String) { self.id = id }
}

/// A voice or a model as chat programs list it.
private struct OpenAIName: Encodable {
  let id: String
  let name: String

  init(_ name: String) { (id, self.name) = (name, name) }
}
