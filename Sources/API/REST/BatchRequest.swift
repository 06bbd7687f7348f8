import Chatterbox
import Foundation

/// The body of `POST /api/v1/tts/batch`: many things to say, and what they have in common.
///
/// `items` holds requests; `messages` holds texts by language, as the product's airport has them. Every other
/// field is one of a request's, and counts for each item that does not have it itself.
struct BatchRequest: Sendable {
  /// One thing to say.
  struct Item: Sendable {
    /// What the client calls it: its `id`, its language, or its number.
    let id: String
    let request: GenerateRequest
  }

  /// The most items of a batch.
  static let mostItems = 1_000
  private static let own = ["items", "messages"]

  let items: [Item]

  /// Reads a body.
  ///
  /// - Throws: ``APIError`` when it is no JSON object; ``ChatterboxError`` that names the field at fault, such as
  ///   `items[2].speed`.
  init(json: Data) throws {
    let body = try JSONFields(json: json)
    try body.check(known: Self.own + RequestFields.names.filter { $0 != "text" })
    let common = body.without(Self.own + ["text"])
    items = try Self.listed(body, common) + Self.messages(body, common)
    guard (1...Self.mostItems).contains(items.count) else {
      throw ChatterboxError(
        .invalidValue, "A batch has 1 to \(Self.mostItems) items, in items or in messages.", field: "items")
    }
    let doubles = Dictionary(grouping: items, by: \.id).filter { $0.value.count > 1 }.keys
    guard doubles.isEmpty else {
      throw ChatterboxError(.invalidValue, "Two items have the same id.", field: "items")
    }
  }

  /// The requests of `items`.
  private static func listed(
    _ body: JSONFields, _ common: JSONFields
  ) throws(ChatterboxError) -> [Item] {
    let items: [JSONFields] = try body.value("items", "a list of requests, each an object") ?? []
    guard items.count <= mostItems else {
      throw ChatterboxError(.invalidValue, "A batch has at most \(mostItems) items.", field: "items")
    }
    var list: [Item] = []
    for (index, item) in items.enumerated() {
      do throws(ChatterboxError) {
        let id = try item.string("id") ?? "\(index)"
        guard (1...128).contains(id.utf8.count) else { throw ChatterboxError.invalid("id", "1 to 128 bytes") }
        list.append(Item(id: id, request: try GenerateRequest(item.over(common).without(["id"]))))
      } catch {
        throw error.within("items[\(index)]")
      }
    }
    return list
  }

  /// The texts of `messages`, by language.
  private static func messages(
    _ body: JSONFields, _ common: JSONFields
  ) throws(ChatterboxError) -> [Item] {
    let messages: [String: String] =
      try body.value("messages", "an object of language codes, each with a text") ?? [:]
    var list: [Item] = []
    for (language, text) in messages.sorted(by: { $0.key < $1.key }) {
      do throws(ChatterboxError) {
        let fields = try RequestFields(common, text: text, language: language)
        list.append(Item(id: language, request: try GenerateRequest(fields)))
      } catch {
        throw error.within("messages.\(language.prefix(16))")
      }
    }
    return list
  }
}

extension ChatterboxError {
  /// The error of a field inside of something.
  func within(_ place: String) -> ChatterboxError {
    ChatterboxError(code, message, field: field.map { "\(place).\($0)" } ?? place)
  }
}
