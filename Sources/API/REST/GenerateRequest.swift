import Audio
import Chatterbox
import Foundation
import Hummingbird
import Service

/// The body of `POST /api/v1/tts/generate` and `/stream`: what to say, and the form of the answer.
struct GenerateRequest: Sendable {
  let speech: SpeechRequest
  let format: AudioFormat
  /// How a stream is sent.
  let stream: StreamForm
  /// How long it may wait for its turn, in seconds.
  let deadline: Double?
  /// The name of an uploaded recording whose voice speaks.
  let voiceReference: String?

  /// Reads a body.
  ///
  /// - Throws: ``APIError`` when it is no JSON object; ``ChatterboxError`` that names the field at fault.
  init(json: Data) throws {
    try self.init(JSONFields(json: json))
  }

  /// - Throws: ``ChatterboxError`` that names the field at fault.
  init(_ fields: JSONFields) throws(ChatterboxError) {
    try self.init(RequestFields(fields))
  }

  /// - Throws: ``ChatterboxError`` that names the field at fault.
  init(_ fields: RequestFields) throws(ChatterboxError) {
    speech = try fields.speech()
    format = try fields.choice(.format) ?? .wav
    stream = try fields.choice(.streamFormat) ?? .audio
    deadline = try fields.number(.deadline, in: 0.001...86_400)
    voiceReference = try fields.string(.voiceReference)
    guard voiceReference == nil || speech.voice == nil else {
      throw ChatterboxError(
        .invalidValue, "voice and voice_reference both say whose voice: give one of them.",
        field: "voice_reference")
    }
  }

  /// What it asks of a node.
  func order(of request: Request, _ context: APIContext, delivery: SpeechDelivery) -> SpeechOrder {
    context.note(text: speech.text)
    var order = SpeechOrder(
      speech, format: format, delivery: delivery, caller: context.caller.account)
    order.voiceReference = voiceReference
    order.deadline = deadline.map { .now + .seconds($0) }
    order.isFresh = request.wantsFreshAnswer
    return order
  }
}
