import Foundation

/// A file of a tokenizer, read into memory.
struct TokenizerFile: Sendable {
  /// The file's name, without its folder: it goes into errors.
  let name: String
  let bytes: [UInt8]

  /// Real files have at most some 4 MB.
  static let sizeLimit = 32 << 20

  /// Reads an ordinary file, or one that a symbolic link names, as in the hub's cache.
  init(_ url: URL) throws(TokenizerError) {
    name = url.lastPathComponent
    let target = url.resolvingSymlinksInPath()
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: target.path),
      attributes[.type] as? FileAttributeType == .typeRegular
    else { throw .unreadable(file: name) }
    guard (attributes[.size] as? Int ?? 0) <= Self.sizeLimit else {
      throw .tooLarge(file: name, limit: Self.sizeLimit)
    }
    guard let data = try? Data(contentsOf: target) else { throw .unreadable(file: name) }
    bytes = Array(data)
  }

  /// The file as JSON.
  func json() throws(TokenizerError) -> JSONNode {
    var parser = JSONParser(bytes)
    do {
      return JSONNode(value: try parser.document(), file: name, key: "")
    } catch {
      throw .notJSON(file: name, offset: error.offset)
    }
  }
}
