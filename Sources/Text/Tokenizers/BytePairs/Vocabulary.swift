/// A tokenizer's tokens and their ids.
///
/// Tokens are compared by their bytes: Swift's strings would take canonically equivalent ones for the same.
struct Vocabulary: Sendable {
  /// Ids stay below it; the largest vocabularies in use have some 260,000 tokens.
  static let idLimit: Int32 = 1 << 20

  private var ids: [[UInt8]: Int32] = [:]
  /// One more than the largest id.
  private(set) var size = 0

  /// Reads an object of tokens and ids.
  init(_ node: JSONNode) throws(TokenizerError) {
    let members = try node.members()
    ids.reserveCapacity(members.count)
    var taken: Set<Int32> = []
    for (token, node) in members {
      let id = try node.tokenID()
      guard taken.insert(id).inserted else { throw node.invalid("an id that no other token has") }
      guard ids.updateValue(id, forKey: Array(token.utf8)) == nil else {
        throw node.invalid("a token that occurs once")
      }
      size = max(size, Int(id) + 1)
    }
    guard !ids.isEmpty else { throw node.invalid("at least one token") }
  }

  /// Adds an added token, which the vocabulary may have already.
  /// - Returns: Whether the token has this id and no other, and the id no other token.
  mutating func add(_ token: [UInt8], id: Int32) -> Bool {
    if let known = ids[token] { return known == id }
    guard Int(id) >= size else { return false }
    ids[token] = id
    size = Int(id) + 1
    return true
  }

  subscript(token: some Sequence<UInt8>) -> Int32? { ids[Array(token)] }

  /// The tokens of one Unicode scalar.
  var singleScalars: [UInt32: Int32] {
    var scalars: [UInt32: Int32] = [:]
    for (token, id) in ids where token.count <= 4 {
      let text = String(decoding: token, as: UTF8.self).unicodeScalars
      if let scalar = text.first, text.count == 1 { scalars[scalar.value] = id }
    }
    return scalars
  }
}
