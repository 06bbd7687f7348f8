import Audio
import Chatterbox
import Foundation
import Hummingbird
import Service

/// `/api/v1/voices`: the voices that requests can name, and making own ones from recordings.
struct VoicesEndpoint: Sendable {
  /// What a preview says.
  private static let previewText = "Hello. This is how I sound."

  let node: SpeechNode
  let bodies: RequestBodyReader

  private struct Shown: Encodable {
    let name: String
    let family: String
    let models: [String]
    let recording: Bool
    let created: String?

    init(_ entry: VoiceDesk.Entry) {
      name = entry.name
      family = entry.family.rawValue
      models = entry.models
      recording = entry.hasRecording
      created = entry.created?.ISO8601Format()
    }
  }

  var routes: [Route] {
    [
      Route(.get, "/api/v1/voices", for: .read) { _, _ in
        try Response(json: ["voices": node.voices.entries().map(Shown.init)])
      },
      Route(.post, "/api/v1/voices", for: .voices) { request, context in try await upload(request, context) },
      Route(.get, "/api/v1/voices/:name", for: .read) { _, context in
        try Response(json: Shown(node.voices.entry(try context.name)))
      },
      Route(.delete, "/api/v1/voices/:name", for: .voices) { _, context in
        try node.voices.remove(try context.name)
        return Response(status: .noContent)
      },
      Route(.get, "/api/v1/voices/:name/preview", for: .speak) { request, context in
        try await preview(request, context)
      },
      Route(.post, "/api/v1/watermark/detect", for: .speak) { request, context in
        try await detect(request, context)
      },
    ]
  }

  private func upload(_ request: Request, _ context: APIContext) async throws -> Response {
    let form = try await UploadedForm(request, bodies, known: ["file", "name", "model", "replace"])
    let (bytes, fileName) = try form.file("file")
    guard let name = try form.text("name") ?? fileName.map(VoiceDesk.name(ofRecording:)) else {
      throw ChatterboxError(.invalidValue, "name is missing.", field: "name")
    }
    let replace = try form.text("replace") ?? "false"
    guard let replaces = Bool(replace) else { throw ChatterboxError.invalid("replace", "true or false") }
    let model = try form.text("model")
    let entry = try await blamingFile {
      try await context.whileConnected {
        try await node.voices.upload(bytes, named: name, for: model, replaces: replaces)
      }
    }
    return try Response(json: Shown(entry), status: .created)
  }

  private func preview(_ request: Request, _ context: APIContext) async throws -> Response {
    let entry = try node.voices.entry(try context.name)
    let installed = node.engine.store.models.filter(\.installed).map(\.name)
    var speech = SpeechRequest(text: Self.previewText)
    speech.voice = entry.name
    speech.model = entry.models.first { installed.contains($0) }
    speech.seed = 0
    var order = SpeechOrder(speech, format: .wav, delivery: .whole, caller: context.caller.account)
    order.isFresh = request.wantsFreshAnswer
    return try await context.wholeResponse(order, by: node)
  }

  /// Damaged audio is the client's here, not the server's; and without its model nothing can be done with it.
  private func blamingFile<Value>(_ work: () async throws -> Value) async throws -> Value {
    do {
      return try await work()
    } catch let error as ChatterboxError where error.code == .modelNotInstalled {
      throw APIError.conflict(error.code.rawValue, error.message, field: error.field)
    } catch let error as ChatterboxError where error.code == .voiceUnreadable {
      throw APIError(
        status: .unprocessableContent, code: error.code.rawValue, message: error.message, field: "file")
    }
  }

  /// `POST /api/v1/watermark/detect`: whether audio was made by a machine that says so.
  private func detect(_ request: Request, _ context: APIContext) async throws -> Response {
    struct Answer: Encodable {
      let confidence: Double
      let watermarked: Bool
    }
    let bytes =
      request.headers[.contentType]?.lowercased().hasPrefix("multipart/") == true
      ? try await UploadedForm(request, bodies, known: ["file"]).file("file").bytes
      : try await bodies.bytes(of: request, upTo: UploadedForm.mostBytes)
    let confidence = try await blamingFile {
      try await context.whileConnected { try await node.watermarkConfidence(in: bytes) }
    }
    return try Response(json: Answer(confidence: confidence, watermarked: confidence > 0.5))
  }
}

extension APIContext {
  /// The name in the path.
  var name: String { get throws { try parameters.require("name") } }
}
