import Audio
import Chatterbox
import Foundation
import Service
import Text

/// The body of `POST /v1/audio/speech`: OpenAI's fields, and those of ours that it has no name for.
///
/// Source: https://platform.openai.com/docs/api-reference/audio/createSpeech
struct OpenAISpeechRequest: Sendable {
  let speech: SpeechRequest
  let format: AudioFormat
  let stream: StreamForm
  /// What the caller should know about how the request was understood.
  let warnings: [SpeechWarning]

  /// OpenAI's own fields.
  private static let fields = [
    "model", "input", "voice", "instructions", "response_format", "speed", "stream_format",
  ]
  /// What ours can do beside it.
  private static let extras = [
    "exaggeration", "cfg_weight", "temperature", "seed", "language", "preset", "priority",
  ]
  /// OpenAI's bounds of `speed`.
  private static let speeds = 0.25...4.0

  /// Reads a body.
  ///
  /// - Parameter names: what OpenAI's names mean here.
  /// - Throws: ``APIError`` when it is no JSON object; ``ChatterboxError`` that names the field at fault.
  init(json: Data, names: OpenAINames) throws {
    let fields = try JSONFields(json: json)
    guard let input = try fields.string("input") else {
      throw ChatterboxError(.invalidValue, "input is missing: it holds what to say.", field: "input")
    }
    guard let model = try fields.string("model") else {
      throw ChatterboxError(.invalidValue, "model is missing.", field: "model")
    }
    let language = try fields.string("language")
    let voice = try names.voice(try Self.voice(fields))
    let (speed, pace) = try Self.speed(fields)
    speech = SpeechRequest(
      text: input, language: language, model: names.model(model, language: language), voice: voice.name,
      preset: try fields.string("preset"),
      exaggeration: try fields.number("exaggeration"), cfgWeight: try fields.number("cfg_weight"),
      speed: speed, temperature: try fields.number("temperature"),
      priority: try fields.choice("priority"), seed: try fields.wholeNumber("seed"))
    format = try fields.choice("response_format") ?? .mp3
    stream = try fields.choice("stream_format") ?? .audio
    warnings = voice.warnings + pace + (try Self.ignored(fields))
  }

  /// A voice's name: a string, or an object with an `id`.
  private static func voice(_ fields: JSONFields) throws(ChatterboxError) -> String {
    struct Reference: Decodable { let id: String }
    let expected = "a voice's name, or an object with its id"
    if let name = try? fields.string("voice") { return name }
    guard let reference: Reference = try fields.value("voice", expected) else {
      throw ChatterboxError(.invalidValue, "voice is missing: it must be \(expected).", field: "voice")
    }
    return reference.id
  }

  /// OpenAI's pace, within what ours can do.
  private static func speed(
    _ fields: JSONFields
  ) throws(ChatterboxError) -> (speed: Double?, warnings: [SpeechWarning]) {
    guard let asked = try fields.number("speed", in: speeds) else { return (nil, []) }
    let speed = min(max(asked, 0.5), 2)
    guard speed != asked else { return (speed, []) }
    let warning = SpeechWarning(
      code: "speed_limited", message: "Speech is made at 0.5 to 2 times its pace: \(speed) is taken.")
    return (speed, [warning])
  }

  private static func ignored(_ fields: JSONFields) throws(ChatterboxError) -> [SpeechWarning] {
    var names = fields.names.filter { !Self.fields.contains($0) && !extras.contains($0) }
    if let instructions = try fields.string("instructions"), !instructions.isEmpty {
      names.append("instructions")
    }
    return names.prefix(8).map {
      SpeechWarning(code: "parameter_ignored", message: "The field '\($0.prefix(40))' has no effect here.")
    }
  }
}
