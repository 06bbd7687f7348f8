/// Why a tokenizer's file cannot be used. Names the file, never its folder, and the key in it.
package enum TokenizerError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file is missing, is no ordinary file, or may not be read.
  case unreadable(file: String)
  /// The file is larger than any tokenizer's.
  case tooLarge(file: String, limit: Int)
  /// The file is no JSON: cut off, damaged, or nested absurdly deep. The offset counts bytes.
  case notJSON(file: String, offset: Int)
  /// The file lacks a key.
  case missing(file: String, key: String)
  /// The key's value is none that can be used.
  case invalid(file: String, key: String, expected: String)

  package var description: String {
    switch self {
    case .unreadable(let file):
      "The tokenizer file \(file) cannot be read. Pull the model again, or check the file's permissions."
    case .tooLarge(let file, let limit):
      "The tokenizer file \(file) has more than \(limit) bytes, which no tokenizer has. Pull the model again."
    case .notJSON(let file, let offset):
      "The tokenizer file \(file) is damaged: it is no readable JSON at byte \(offset). Pull the model again."
    case .missing(let file, let key):
      "The tokenizer file \(file) has no \(key). Use the file that belongs to the model."
    case .invalid(let file, let key, let expected):
      "The tokenizer file \(file) has a \(key) that cannot be used; expected \(expected). "
        + "Use the file that belongs to the model."
    }
  }
}
