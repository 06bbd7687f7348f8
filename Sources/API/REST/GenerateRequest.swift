import Audio
import Chatterbox
import Foundation

/// The body of `POST /api/v1/tts/generate`: what to say, and the form of the answer.
struct GenerateRequest: Sendable {
  let speech: SpeechRequest
  let format: AudioFormat

  /// Reads a body.
  ///
  /// - Throws: ``APIError`` when it is no JSON object; ``ChatterboxError`` that names the field at fault.
  init(json: Data) throws {
    // Foundation checks the strings it reads, but not those it skips.
    guard String(validating: json, as: UTF8.self) != nil else {
      throw APIError.invalidJSON("The body is not valid UTF-8.")
    }
    do {
      try self.init(JSONDecoder().decode(RequestFields.self, from: json))
    } catch let error as DecodingError {
      throw APIError.invalidJSON(Self.explain(error))
    }
  }

  private init(_ fields: RequestFields) throws(ChatterboxError) {
    guard let text = try fields.string(.text) else {
      throw ChatterboxError(.invalidValue, "text is missing: it holds what to say.", field: "text")
    }
    speech = SpeechRequest(
      text: text,
      language: try fields.string(.language),
      model: try fields.string(.model),
      voice: try fields.string(.voice),
      preset: try Self.preset(fields),
      exaggeration: try fields.number(.exaggeration),
      cfgWeight: try fields.number(.cfgWeight),
      speed: try fields.number(.speed),
      temperature: try fields.number(.temperature),
      topP: try fields.number(.topP),
      minP: try fields.number(.minP),
      topK: try fields.wholeNumber(.topK).map { Int(clamping: $0) },
      repetitionPenalty: try fields.number(.repetitionPenalty),
      flowSteps: try fields.wholeNumber(.flowSteps).map { Int(clamping: $0) },
      promptSeconds: try fields.number(.promptSeconds),
      priority: try fields.choice(.priority),
      seed: try fields.wholeNumber(.seed),
      paralinguisticPrefix: try fields.string(.paralinguisticPrefix),
      lexicon: try fields.lexicon(.lexicon))
    format = try Self.format(fields)
  }

  /// The preset, by either of its names.
  private static func preset(_ fields: RequestFields) throws(ChatterboxError) -> String? {
    let useCase = try fields.string(.preset)
    let preset = try fields.string(.presetSynonym)
    if let useCase, let preset, useCase != preset {
      throw ChatterboxError(
        .invalidValue, "preset and use_case mean the same, but differ: give one of them.", field: "preset")
    }
    return useCase ?? preset
  }

  private static func format(_ fields: RequestFields) throws(ChatterboxError) -> AudioFormat {
    guard let name = try fields.string(.format) else { return .wav }
    if let format = AudioFormat(rawValue: name) { return format }
    throw .unknown(
      .invalidValue, "format", name, among: AudioFormat.allCases.map(\.rawValue), field: "format")
  }

  private static func explain(_ error: DecodingError) -> String {
    guard case .dataCorrupted = error else {
      return "The body must be a JSON object, such as {\"text\": \"Hello.\"}."
    }
    return "The body is not valid JSON: check its quotes, commas and brackets."
  }
}
