/// A value as somebody wrote it, before it is known what it should be.
struct WrittenValue: Sendable {
  enum Content: Sendable {
    case scalar(String, Style)
    case sequence([WrittenValue])
    case mapping([Entry])
  }

  /// How a scalar was written, which says whether it may be a number, text or both.
  enum Style: Sendable {
    case plain
    case quoted
    /// In an environment variable, where nothing has a type.
    case variable
  }

  struct Entry: Sendable {
    let key: String
    let place: ConfigurationError.Place
    let value: WrittenValue
  }

  let content: Content
  let place: ConfigurationError.Place

  /// Whether it is nothing: an empty place, `~` or `null`, without quotes.
  var isNull: Bool {
    guard case .scalar(let scalar, .plain) = content else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(scalar)
  }

  /// The text of a scalar, unless YAML takes it for something else: `8000`, `true`.
  var text: String? {
    guard case .scalar(let scalar, let style) = content else { return nil }
    return style == .plain && (isNull || Self.isNumber(scalar) || Self.isBoolean(scalar)) ? nil : scalar
  }

  /// The digits of a number that has no quotes around it.
  var number: String? {
    guard case .scalar(let scalar, let style) = content, style != .quoted else { return nil }
    return Self.isNumber(scalar) ? scalar : nil
  }

  /// A truth value that has no quotes around it.
  var boolean: Bool? {
    guard case .scalar(let scalar, let style) = content, style != .quoted else { return nil }
    return switch scalar.lowercased() {
    case "true": true
    case "false": false
    default: nil
    }
  }

  /// The elements of a list. An environment variable has commas between them.
  var elements: [WrittenValue]? {
    switch content {
    case .sequence(let elements): return elements
    case .scalar(let scalar, .variable):
      return scalar.split(separator: ",").map { element in
        let trimmed = element.drop(while: \.isWhitespace)
        let end = trimmed.lastIndex { !$0.isWhitespace }.map(trimmed.index(after:)) ?? trimmed.startIndex
        return WrittenValue(content: .scalar(String(trimmed[..<end]), .variable), place: place)
      }
    default: return nil
    }
  }

  /// The entries of a mapping; a null has none.
  func entries(of name: String) throws(ConfigurationError) -> [Entry] {
    if case .mapping(let entries) = content { return entries }
    guard isNull else { throw .wrongValue(self, of: name, expected: "a mapping of keys to values") }
    return []
  }

  /// The mapping with the entries of some of its mappings among its own: `rate_limit: {burst: 20}` becomes
  /// `rate_limit.burst: 20`.
  func flattened(_ names: [String], in section: String) throws(ConfigurationError) -> WrittenValue {
    var flat: [Entry] = []
    for entry in try entries(of: section) {
      guard names.contains(entry.key) else {
        flat.append(entry)
        continue
      }
      for inner in try entry.value.entries(of: "\(section).\(entry.key)") {
        flat.append(Entry(key: "\(entry.key).\(inner.key)", place: inner.place, value: inner.value))
      }
    }
    return WrittenValue(content: .mapping(flat), place: place)
  }

  /// Decimal notation only: Swift would also read `0x1p3` and `nan`.
  private static func isNumber(_ scalar: String) -> Bool {
    scalar.wholeMatch(of: /[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?/) != nil
  }

  private static func isBoolean(_ scalar: String) -> Bool {
    ["true", "false"].contains(scalar.lowercased())
  }
}

extension WrittenValue: CustomStringConvertible {
  /// The value as an error quotes it.
  var description: String {
    switch content {
    case .scalar(_, .plain) where isNull: "nothing"
    case .scalar(let scalar, .quoted): "the text \"\(scalar.excerpt)\""
    case .scalar(let scalar, _): "'\(scalar.excerpt)'"
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
  }
}

extension String {
  /// The beginning of it on one line, for an error message.
  var excerpt: String {
    let line = prefix(40).map { $0.isNewline || $0.unicodeScalars.contains { $0.value < 32 } ? "·" : $0 }
    return String(line) + (count > 40 ? "…" : "")
  }
}
