/// What Redis answers.
///
/// Source: https://redis.io/docs/latest/develop/reference/protocol-spec/ (RESP2)
package enum RedisReply: Hashable, Sendable {
  case null
  case integer(Int)
  /// Text or any other bytes.
  case bytes([UInt8])
  case array([RedisReply])
  case error(String)

  package var isNull: Bool { self == .null }

  /// A number, however it was sent.
  package var integer: Int? {
    switch self {
    case .integer(let number): number
    case .bytes: text.flatMap { Int($0) }
    default: nil
    }
  }

  package var bytes: [UInt8]? {
    guard case .bytes(let bytes) = self else { return nil }
    return bytes
  }

  /// Bytes that are text in UTF-8.
  package var text: String? { bytes.flatMap { String(validating: $0, as: UTF8.self) } }

  /// The elements of a list; nothing has none.
  package var elements: [RedisReply] {
    guard case .array(let elements) = self else { return [] }
    return elements
  }

  /// The fields of a list in which names and values take turns.
  package var fields: [String: RedisReply] {
    let elements = elements
    var fields: [String: RedisReply] = [:]
    for index in stride(from: 0, to: elements.count - 1, by: 2) {
      if let name = elements[index].text { fields[name] = elements[index + 1] }
    }
    return fields
  }
}
