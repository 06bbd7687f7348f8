import Chatterbox
import Text

/// The fields of a request for speech, as ``SpeechRequest`` names them.
struct RequestFields {
  typealias Field = SpeechRequest.CodingKeys

  /// The fields that the API has beside those of ``SpeechRequest``.
  enum Extra: String, CaseIterable {
    /// Another name for `use_case`.
    case presetSynonym = "preset"
    /// The form of the answer, which is no matter of the engine's.
    case format
    /// How a stream's audio is sent.
    case streamFormat = "stream_format"
    /// The name of an uploaded recording whose voice speaks.
    case voiceReference = "voice_reference"
    /// How long the request may wait for its turn, in seconds.
    case deadline = "deadline_seconds"
  }

  /// The names of all fields.
  static let names = Field.allCases.map(\.rawValue) + Extra.allCases.map(\.rawValue)

  private let fields: JSONFields
  /// What stands elsewhere.
  private var known: [Field: String] = [:]

  /// - Throws: ``ChatterboxError`` that names a field that does not exist.
  init(_ fields: JSONFields) throws(ChatterboxError) {
    self.fields = fields
    try fields.check(known: Self.names)
  }

  /// Fields whose text, and perhaps language, stand elsewhere.
  init(_ fields: JSONFields, text: String, language: String? = nil) throws(ChatterboxError) {
    try self.init(fields)
    known[.text] = text
    known[.language] = language
  }

  /// What is to be said and how.
  ///
  /// - Throws: ``ChatterboxError`` that names the field at fault.
  func speech() throws(ChatterboxError) -> SpeechRequest {
    guard let text = try string(.text) else {
      throw ChatterboxError(.invalidValue, "text is missing: it holds what to say.", field: "text")
    }
    return SpeechRequest(
      text: text,
      language: try string(.language),
      model: try string(.model),
      voice: try string(.voice),
      preset: try preset(),
      exaggeration: try number(.exaggeration),
      cfgWeight: try number(.cfgWeight),
      speed: try number(.speed),
      temperature: try number(.temperature),
      topP: try number(.topP),
      minP: try number(.minP),
      topK: try fields.wholeNumber(Field.topK.rawValue).map { Int(clamping: $0) },
      repetitionPenalty: try number(.repetitionPenalty),
      flowSteps: try fields.wholeNumber(Field.flowSteps.rawValue).map { Int(clamping: $0) },
      promptSeconds: try number(.promptSeconds),
      priority: try fields.choice(Field.priority.rawValue),
      seed: try fields.wholeNumber(Field.seed.rawValue),
      paralinguisticPrefix: try string(.paralinguisticPrefix),
      lexicon: try lexicon())
  }

  /// A choice among the fields that are not the engine's.
  func choice<Choice: CaseIterable & RawRepresentable<String>>(
    _ field: Extra
  ) throws(ChatterboxError) -> Choice? { try fields.choice(field.rawValue) }

  func string(_ field: Extra) throws(ChatterboxError) -> String? { try fields.string(field.rawValue) }

  func number(_ field: Extra, in range: ClosedRange<Double>) throws(ChatterboxError) -> Double? {
    try fields.number(field.rawValue, in: range)
  }

  private func string(_ field: Field) throws(ChatterboxError) -> String? {
    if let known = known[field] { return known }
    return try fields.string(field.rawValue)
  }

  private func number(_ field: Field) throws(ChatterboxError) -> Double? {
    try fields.number(field.rawValue)
  }

  /// The preset, by either of its names.
  private func preset() throws(ChatterboxError) -> String? {
    let useCase = try string(.preset)
    let preset = try fields.string(Extra.presetSynonym.rawValue)
    if let useCase, let preset, useCase != preset {
      throw ChatterboxError(
        .invalidValue, "preset and use_case mean the same, but differ: give one of them.", field: "preset")
    }
    return useCase ?? preset
  }

  private func lexicon() throws(ChatterboxError) -> Lexicon? {
    let name = Field.lexicon.rawValue
    let entries: [String: [String: String]]? = try fields.value(
      name, "an object of language codes, each with an object of words and their pronunciations")
    guard let entries else { return nil }
    do {
      return try Lexicon(entries)
    } catch {
      throw ChatterboxError(.invalidValue, error.description, field: name)
    }
  }
}
