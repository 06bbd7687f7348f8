import Text

/// What may become a file's or a folder's name. Everything else is refused, so that no name leaves the
/// models folder.
enum NameRules {
  /// The longest name of a model or a version, in characters.
  private static let longest = 64

  /// Whether it can name a model or a version: lower-case letters, digits, `-`, `_` and `.`, a letter or
  /// digit first.
  static func isName(_ name: String) -> Bool {
    guard let first = name.utf8.first, name.utf8.count <= longest else { return false }
    return isLetterOrDigit(first)
      && name.utf8.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") || isPunctuation($0) }
      && !name.contains("..")
  }

  /// Whether a path within a repository stays within a folder.
  static func isRelativePath(_ path: String) -> Bool {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    return !path.isEmpty && path.utf8.count <= 1024
      && path.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control && $0 != "\\" }
      && parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
  }

  /// Whether it is a hub repository's name: `owner/name`.
  static func isRepository(_ name: String) -> Bool {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count == 2
      && parts.allSatisfy { part in
        part.utf8.count <= 96 && !part.contains("..") && part.utf8.first.map(isWordCharacter) == true
          && part.utf8.allSatisfy { isWordCharacter($0) || $0 == UInt8(ascii: "-") || isPunctuation($0) }
      }
  }

  /// Whether it can be a branch, a tag or a commit.
  static func isRevision(_ revision: String) -> Bool {
    isRelativePath(revision) && revision.utf8.count <= 128
      && revision.utf8.allSatisfy { byte in
        isWordCharacter(byte) || isPunctuation(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "/")
      }
  }

  /// The name itself.
  ///
  /// - Throws: ``ModelStoreError`` when it cannot be a model's.
  static func checked(_ name: String) throws(ModelStoreError) -> String {
    guard isName(name) else {
      throw ModelStoreError(
        .unknownName,
        "'\(name.prefix(longest))' cannot be a model's name: use lower-case letters, digits, '-', '_' and '.', at most \(longest)."
      )
    }
    return name
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func isWordCharacter(_ byte: UInt8) -> Bool {
    isLetterOrDigit(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
      || byte == UInt8(ascii: "_")
  }

  private static func isPunctuation(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
  }
}
