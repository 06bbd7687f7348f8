import Chatterbox
import Foundation

/// The fields of a JSON object as the client wrote them, read one by one.
///
/// Strict where a decoder is lenient, and an error names its field.
struct JSONFields: Decodable {
  /// The largest whole number that every JSON library reads exactly.
  static let largestWholeNumber: UInt64 = 1 << 53

  /// An object, and those of its fields that are not looked at.
  private struct Layer {
    let container: KeyedDecodingContainer<Name>
    var hidden: Set<String> = []

    var names: [String] { container.allKeys.map(\.stringValue).filter { !hidden.contains($0) } }
  }

  /// The objects that the fields are in; an earlier one's count first.
  private var layers: [Layer]

  /// Reads a body.
  ///
  /// - Throws: ``APIError`` when it is no JSON object in UTF-8.
  init(json: Data) throws {
    // Foundation checks the strings it reads, but not those it skips.
    guard String(validating: json, as: UTF8.self) != nil else {
      throw APIError.invalidJSON("The body is not valid UTF-8.")
    }
    do {
      self = try JSONDecoder().decode(JSONFields.self, from: json)
    } catch let error as DecodingError {
      guard case .dataCorrupted = error else {
        throw APIError.invalidJSON("The body must be a JSON object, such as {\"text\": \"Hello.\"}.")
      }
      throw APIError.invalidJSON("The body is not valid JSON: check its quotes, commas and brackets.")
    }
  }

  init(from decoder: any Decoder) throws {
    layers = [Layer(container: try decoder.container(keyedBy: Name.self))]
  }

  /// The names that are there, in order.
  var names: [String] { Set(layers.flatMap(\.names)).sorted() }

  /// These fields, and another object's where these are not there.
  func over(_ other: JSONFields) -> JSONFields {
    var fields = self
    fields.layers += other.layers
    return fields
  }

  /// The fields without some.
  func without(_ names: [String]) -> JSONFields {
    var fields = self
    for index in fields.layers.indices { fields.layers[index].hidden.formUnion(names) }
    return fields
  }

  /// Refuses fields that do not exist.
  func check(known: [String]) throws(ChatterboxError) {
    guard let name = names.first(where: { !known.contains($0) }) else { return }
    throw .unknown(.unknownField, "field", name, among: known, field: String(name.prefix(64)))
  }

  /// A field's value, or `nil` when it is null or not there.
  ///
  /// - Parameter expected: what it must be, for the error.
  func value<Value: Decodable>(
    _ name: String, as type: Value.Type = Value.self, _ expected: String
  ) throws(ChatterboxError) -> Value? {
    do {
      for layer in layers where !layer.hidden.contains(name) {
        if let value = try layer.container.decodeIfPresent(Value.self, forKey: Name(stringValue: name)) {
          return value
        }
      }
      return nil
    } catch {
      throw .invalid(name, expected)
    }
  }

  func string(_ name: String) throws(ChatterboxError) -> String? {
    try value(name, "a string of valid Unicode")
  }

  func number(_ name: String) throws(ChatterboxError) -> Double? { try value(name, "a number") }

  func number(_ name: String, in range: ClosedRange<Double>) throws(ChatterboxError) -> Double? {
    let expected = "a number from \(range.lowerBound) to \(range.upperBound)"
    guard let number: Double = try value(name, expected) else { return nil }
    guard range.contains(number) else { throw .invalid(name, expected) }
    return number
  }

  func wholeNumber(_ name: String) throws(ChatterboxError) -> UInt64? {
    let expected = "a whole number from 0 to \(Self.largestWholeNumber)"
    guard let number: UInt64 = try value(name, expected) else { return nil }
    guard number <= Self.largestWholeNumber else { throw .invalid(name, expected) }
    return number
  }

  func choice<Choice: CaseIterable & RawRepresentable<String>>(
    _ name: String
  ) throws(ChatterboxError) -> Choice? {
    guard let text = try string(name) else { return nil }
    if let choice = Choice(rawValue: text) { return choice }
    throw .unknown(.invalidValue, name, text, among: Choice.allCases.map(\.rawValue), field: name)
  }

  /// Any name at all, so that unknown ones are seen.
  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}

extension ChatterboxError {
  /// The error of a field whose value is none that it may have.
  static func invalid(_ name: String, _ expected: String) -> ChatterboxError {
    ChatterboxError(.invalidValue, "\(name) must be \(expected).", field: name)
  }
}
