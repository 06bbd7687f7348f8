import Chatterbox
import Text

/// The fields of a generate request as the client wrote them, read one by one.
///
/// Strict where a decoder is lenient: a field that does not exist is an error, and an error names its field.
struct RequestFields: Decodable {
  typealias Field = SpeechRequest.CodingKeys

  /// The fields that the API has beside those of ``SpeechRequest``.
  enum Extra: String, CaseIterable {
    /// Another name for `use_case`.
    case presetSynonym = "preset"
    /// The form of the answer, which is no matter of the engine's.
    case format
  }

  /// The largest whole number that every JSON library reads exactly.
  private static let largestWholeNumber: UInt64 = 1 << 53

  private let container: KeyedDecodingContainer<Name>

  init(from decoder: any Decoder) throws {
    container = try decoder.container(keyedBy: Name.self)
    let known = Field.allCases.map(\.rawValue) + Extra.allCases.map(\.rawValue)
    let unknown = container.allKeys.map(\.stringValue).filter { !known.contains($0) }
    if let name = unknown.min() {
      throw ChatterboxError.unknown(
        .unknownField, "field", name, among: known, field: String(name.prefix(64)))
    }
  }

  func string(_ field: Field) throws(ChatterboxError) -> String? {
    try value(field.rawValue, "a string of valid Unicode")
  }

  func string(_ field: Extra) throws(ChatterboxError) -> String? {
    try value(field.rawValue, "a string of valid Unicode")
  }

  func number(_ field: Field) throws(ChatterboxError) -> Double? {
    try value(field.rawValue, "a number")
  }

  func wholeNumber(_ field: Field) throws(ChatterboxError) -> UInt64? {
    let expected = "a whole number from 0 to \(Self.largestWholeNumber)"
    guard let number: UInt64 = try value(field.rawValue, expected) else { return nil }
    guard number <= Self.largestWholeNumber else { throw invalid(field.rawValue, expected) }
    return number
  }

  func choice<Choice: CaseIterable & RawRepresentable<String>>(
    _ field: Field
  ) throws(ChatterboxError) -> Choice? {
    let names = Choice.allCases.map(\.rawValue)
    guard let name = try string(field) else { return nil }
    if let choice = Choice(rawValue: name) { return choice }
    throw .unknown(.invalidValue, field.rawValue, name, among: names, field: field.rawValue)
  }

  func lexicon(_ field: Field) throws(ChatterboxError) -> Lexicon? {
    let expected = "an object of language codes, each with an object of words and their pronunciations"
    guard let entries: [String: [String: String]] = try value(field.rawValue, expected) else { return nil }
    do {
      return try Lexicon(entries)
    } catch {
      throw ChatterboxError(.invalidValue, error.description, field: field.rawValue)
    }
  }

  /// A field's value, or `nil` when it is null or not there.
  private func value<Value: Decodable>(
    _ name: String, _ expected: String
  ) throws(ChatterboxError) -> Value? {
    do {
      return try container.decodeIfPresent(Value.self, forKey: Name(stringValue: name))
    } catch {
      throw invalid(name, expected)
    }
  }

  private func invalid(_ name: String, _ expected: String) -> ChatterboxError {
    ChatterboxError(.invalidValue, "\(name) must be \(expected).", field: name)
  }

  /// Any name at all, so that unknown ones are seen.
  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}
