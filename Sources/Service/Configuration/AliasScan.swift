/// Counts what may be YAML anchors and aliases in a text that nobody has parsed yet.
///
/// Yams compares the keys of a mapping with every alias in them written out, while it still reads. Where
/// aliases stand for lists of aliases that would take it years, so the worst is kept from it. A word in a
/// comment or in quotes may look like an alias; a few of them are harmless, and so are a few aliases.
enum AliasScan {
  private static let harmless = 4

  static func isSuspicious(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return count(UInt8(ascii: "*"), in: bytes) > harmless && count(UInt8(ascii: "&"), in: bytes) > 0
  }

  /// How often the mark begins a word.
  private static func count(_ mark: UInt8, in bytes: [UInt8]) -> Int {
    bytes.indices.count { index in
      bytes[index] == mark && (index == 0 || !isNameByte(bytes[index - 1]))
        && index + 1 < bytes.count && isNameByte(bytes[index + 1])
    }
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }
}
