/// An element of the XML that object stores answer with.
///
/// It reads what S3 writes (elements, text, the five named entities and numeric ones) and refuses the rest:
/// no document types, so that an answer cannot make it fetch or grow anything. FoundationXML would bring
/// libxml2 for this.
struct S3XML {
  /// Without its namespace's prefix.
  let name: String
  private(set) var text = ""
  private(set) var children: [S3XML] = []

  /// `nil` for anything that is not one whole element.
  init?(_ bytes: [UInt8]) {
    var reader = Reader(bytes: bytes)
    guard reader.skipProlog(), let root = reader.element(depth: 0) else { return nil }
    self = root
  }

  fileprivate init(name: String) { self.name = name }

  /// The text of the first child of a name.
  subscript(_ name: String) -> String? { children.first { $0.name == name }?.text }

  func all(_ name: String) -> [S3XML] { children.filter { $0.name == name } }

  private struct Reader {
    let bytes: [UInt8]
    var place = 0

    mutating func skipProlog() -> Bool {
      if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { place = 3 }
      while place < bytes.count {
        if [9, 10, 13, 32].contains(bytes[place]) {
          place += 1
        } else if isNext("<?") {
          guard skip(past: "?>") else { return false }
        } else if isNext("<!--") {
          guard skip(past: "-->") else { return false }
        } else {
          return true
        }
      }
      return false
    }

    mutating func element(depth: Int) -> S3XML? {
      guard depth < 16, isNext("<"), let tag = tag(), let first = tag.utf8.first,
        first != UInt8(ascii: "/"), first != UInt8(ascii: "!")
      else { return nil }
      let name = Self.name(in: tag)
      var element = S3XML(name: name)
      if tag.hasSuffix("/") { return element }
      while place < bytes.count {
        if isNext("<!--") {
          guard skip(past: "-->") else { return nil }
        } else if isNext("</") {
          return closes(name) ? element : nil
        } else if isNext("<") {
          guard let child = self.element(depth: depth + 1) else { return nil }
          element.children.append(child)
        } else {
          let end = bytes[place...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.count
          guard let text = Self.decode(bytes[place..<end]) else { return nil }
          element.text += text
          place = end
        }
      }
      return nil
    }

    private mutating func closes(_ name: String) -> Bool {
      tag().map { Self.name(in: String($0.dropFirst())) == name } ?? false
    }

    /// What is between the angle brackets. A quoted attribute may hold one.
    private mutating func tag() -> String? {
      var quote: UInt8?
      for end in (place + 1)..<max(bytes.count, place + 1) {
        let byte = bytes[end]
        if let open = quote {
          if byte == open { quote = nil }
        } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
          quote = byte
        } else if byte == UInt8(ascii: ">") {
          defer { place = end + 1 }
          return String(decoding: bytes[(place + 1)..<end], as: UTF8.self)
        }
      }
      return nil
    }

    private static func name(in tag: String) -> String {
      let name = tag.prefix { !$0.isWhitespace && $0 != "/" }
      return String(name.split(separator: ":").last ?? "")
    }

    private func isNext(_ text: String) -> Bool { bytes[place...].starts(with: text.utf8) }

    private mutating func skip(past text: String) -> Bool {
      while place < bytes.count {
        if isNext(text) {
          place += text.utf8.count
          return true
        }
        place += 1
      }
      return false
    }

    private static func decode(_ bytes: ArraySlice<UInt8>) -> String? {
      let pieces = String(decoding: bytes, as: UTF8.self).split(
        separator: "&", omittingEmptySubsequences: false)
      var text = String(pieces[0])
      for piece in pieces.dropFirst() {
        guard let end = piece.firstIndex(of: ";"), let character = character(piece[..<end]) else {
          return nil
        }
        text.unicodeScalars.append(character)
        text += piece[piece.index(after: end)...]
      }
      return text
    }

    private static func character(_ entity: Substring) -> Unicode.Scalar? {
      switch entity {
      case "lt": "<"
      case "gt": ">"
      case "amp": "&"
      case "quot": "\""
      case "apos": "'"
      case _ where entity.hasPrefix("#x"): UInt32(entity.dropFirst(2), radix: 16).flatMap(Unicode.Scalar.init)
      case _ where entity.hasPrefix("#"): UInt32(entity.dropFirst()).flatMap(Unicode.Scalar.init)
      default: nil
      }
    }
  }
}
