/// What a JSON text says.
///
/// Foundation's decoders keep an object in a dictionary of strings, where two vocabulary entries that are
/// canonically equivalent (Å and its sign for ångström) become one. Here an object stays a list.
indirect enum JSONValue: Sendable {
  case null
  case boolean(Bool)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([(key: String, value: JSONValue)])
}

/// Reads JSON (RFC 8259) strictly, with bounds on depth and on the number of values.
struct JSONParser {
  struct Failure: Error {
    let offset: Int
  }

  private static let depthLimit = 32
  private static let valueLimit = 1 << 21

  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0
  private var values = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// The one value that the text holds.
  mutating func document() throws(Failure) -> JSONValue {
    let value = try value()
    guard next() == nil else { throw failure }
    return value
  }

  private var failure: Failure { Failure(offset: position) }

  /// The next byte that is no white space, without taking it.
  private mutating func next() -> UInt8? {
    while position < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[position]) { position += 1 }
    return position < bytes.count ? bytes[position] : nil
  }

  private mutating func take(_ byte: Character) -> Bool {
    guard next() == byte.asciiValue else { return false }
    position += 1
    return true
  }

  private mutating func value() throws(Failure) -> JSONValue {
    values += 1
    guard values <= Self.valueLimit, let first = next() else { throw failure }
    switch first {
    case UInt8(ascii: "{"): return try nested { parser throws(Failure) in .object(try parser.members()) }
    case UInt8(ascii: "["): return try nested { parser throws(Failure) in .array(try parser.elements()) }
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .boolean(true))
    case UInt8(ascii: "f"): return try word("false", .boolean(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return .number(try number())
    }
  }

  private mutating func nested(
    _ read: (inout JSONParser) throws(Failure) -> JSONValue
  ) throws(Failure) -> JSONValue {
    guard depth < Self.depthLimit else { throw failure }
    depth += 1
    position += 1
    let value = try read(&self)
    depth -= 1
    return value
  }

  private mutating func members() throws(Failure) -> [(key: String, value: JSONValue)] {
    var members: [(key: String, value: JSONValue)] = []
    if take("}") { return members }
    repeat {
      guard next() == UInt8(ascii: "\"") else { throw failure }
      let key = try string()
      guard take(":") else { throw failure }
      members.append((key, try value()))
    } while take(",")
    guard take("}") else { throw failure }
    return members
  }

  private mutating func elements() throws(Failure) -> [JSONValue] {
    var elements: [JSONValue] = []
    if take("]") { return elements }
    repeat { elements.append(try value()) } while take(",")
    guard take("]") else { throw failure }
    return elements
  }

  private mutating func word(_ word: String, _ value: JSONValue) throws(Failure) -> JSONValue {
    guard bytes[position...].starts(with: word.utf8) else { throw failure }
    position += word.utf8.count
    return value
  }

  private mutating func number() throws(Failure) -> Double {
    let digits = bytes[position...].prefix { "+-.0123456789eE".utf8.contains($0) }
    let hasLeadingZero = digits.drop { $0 == UInt8(ascii: "-") }.starts(with: "0".utf8)
    guard let number = Double(String(decoding: digits, as: UTF8.self)), number.isFinite,
      digits.first != UInt8(ascii: "+"), !hasLeadingZero || number.magnitude < 1
    else { throw failure }
    position += digits.count
    return number
  }
}

extension JSONParser {
  private mutating func string() throws(Failure) -> String {
    position += 1
    var text: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else { throw failure }
        return string
      case UInt8(ascii: "\\"): text += Array(String(try escape()).utf8)
      case 0..<0x20: throw failure
      default: text.append(byte)
      }
    }
    throw failure
  }

  private mutating func escape() throws(Failure) -> Unicode.Scalar {
    guard position < bytes.count else { throw failure }
    position += 1
    switch bytes[position - 1] {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try unicodeEscape()
    default: throw failure
    }
  }

  private mutating func unicodeEscape() throws(Failure) -> Unicode.Scalar {
    let unit = try hexadecimalUnit()
    if let scalar = Unicode.Scalar(unit) { return scalar }
    guard unit < 0xDC00, bytes[position...].starts(with: "\\u".utf8) else { throw failure }
    position += 2
    let trail = try hexadecimalUnit()
    guard (0xDC00...0xDFFF).contains(trail),
      let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (trail - 0xDC00))
    else { throw failure }
    return scalar
  }

  private mutating func hexadecimalUnit() throws(Failure) -> UInt32 {
    let digits = bytes[position...].prefix(4)
    guard digits.count == 4, digits.first != UInt8(ascii: "+"),
      let unit = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw failure }
    position += 4
    return unit
  }
}
