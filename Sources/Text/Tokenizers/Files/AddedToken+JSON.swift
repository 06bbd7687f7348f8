extension AddedToken {
  /// Reads the elements of `added_tokens`, in the order of their ids, and adds them to the vocabulary.
  static func read(
    _ nodes: [JSONNode], into vocabulary: inout Vocabulary
  ) throws(TokenizerError) -> [AddedToken] {
    var tokens: [(token: AddedToken, node: JSONNode)] = []
    for node in nodes {
      tokens.append((try AddedToken(node, id: node.requiredMember("id").tokenID()), node))
    }
    return try add(tokens, to: &vocabulary)
  }

  /// Adds tokens to the vocabulary in the order of their ids.
  static func add(
    _ tokens: [(token: AddedToken, node: JSONNode)], to vocabulary: inout Vocabulary
  ) throws(TokenizerError) -> [AddedToken] {
    let sorted = tokens.sorted { $0.token.id < $1.token.id }
    for (token, node) in sorted {
      guard vocabulary.add(Array(String(token.content).utf8), id: token.id) else {
        throw node.invalid("an id of its own, or the one that the vocabulary gives the token")
      }
    }
    return sorted.map(\.token)
  }

  /// Reads one token's text and flags.
  init(_ node: JSONNode, id: Int32) throws(TokenizerError) {
    func flag(_ name: String) throws(TokenizerError) -> Bool { try node.member(name)?.boolean() ?? false }
    let content = try node.requiredMember("content").string()
    guard !content.isEmpty, content.utf8.count <= 256 else { throw node.invalid("a short text") }
    self.init(
      content: Array(content.unicodeScalars), id: id, stripsLeft: try flag("lstrip"),
      stripsRight: try flag("rstrip"), isSingleWord: try flag("single_word"),
      isNormalized: try flag("normalized"))
  }
}
