import Foundation

/// Reads GPT-2's files as a Turbo checkpoint has them: `vocab.json`, `merges.txt`, and the added tokens of
/// `tokenizer_config.json` or, without that, of `added_tokens.json`.
///
/// Source: `PreTrainedTokenizerBase._from_pretrained` in transformers.
struct GPT2Files {
  private static let endOfText = "<|endoftext|>"

  let folder: URL

  func tokenizer() throws(TokenizerError) -> BytePairTokenizer {
    let vocabularyFile = try TokenizerFile(folder.appending(path: "vocab.json"))
    var vocabulary = try Vocabulary(vocabularyFile.json())
    let mergesFile = try TokenizerFile(folder.appending(path: "merges.txt"))
    let merges = try BytePairMerges(
      Self.pairs(in: mergesFile), vocabulary: vocabulary, file: mergesFile.name)
    let alphabet = try ByteAlphabet.ids(in: vocabulary, file: vocabularyFile.name)
    let addedTokens = try addedTokens(&vocabulary)
    return BytePairTokenizer(
      vocabulary: vocabulary, merges: merges, addedTokens: addedTokens, splitter: .gpt2,
      alphabet: .bytes(alphabet))
  }

  private static func pairs(
    in file: TokenizerFile
  ) throws(TokenizerError) -> [(left: [UInt8], right: [UInt8], key: String)] {
    var pairs: [(left: [UInt8], right: [UInt8], key: String)] = []
    let lines = file.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (number, line) in lines.enumerated() {
      let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      if line.isEmpty || (number == 0 && line.starts(with: "#version".utf8)) { continue }
      let parts = line.split(separator: UInt8(ascii: " "))
      guard parts.count == 2 else {
        throw .invalid(file: file.name, key: "line \(number + 1)", expected: "two tokens")
      }
      pairs.append((Array(parts[0]), Array(parts[1]), "line \(number + 1)"))
    }
    return pairs
  }

  private func addedTokens(_ vocabulary: inout Vocabulary) throws(TokenizerError) -> [AddedToken] {
    let configured = try configuredTokens()
    var tokens = if let configured { configured } else { try legacyTokens() }
    if !tokens.contains(where: { String($0.token.content) == Self.endOfText }),
      let id = vocabulary[Self.endOfText.utf8]
    {
      let end = AddedToken(content: Array(Self.endOfText.unicodeScalars), id: id)
      tokens.append((end, JSONNode(value: .null, file: "vocab.json", key: Self.endOfText)))
    }
    return try AddedToken.add(tokens, to: &vocabulary)
  }

  /// The tokens of `tokenizer_config.json`, which has their flags; `nil` when it lists none.
  private func configuredTokens() throws(TokenizerError) -> [(token: AddedToken, node: JSONNode)]? {
    guard let configuration = try document("tokenizer_config.json") else { return nil }
    if let prefix = configuration.member("add_prefix_space"), try prefix.boolean() {
      throw prefix.invalid("false")
    }
    guard let list = configuration.member("added_tokens_decoder") else { return nil }
    var tokens: [(token: AddedToken, node: JSONNode)] = []
    for (name, node) in try list.members() {
      guard let number = Double(name) else { throw node.invalid("an id as its key") }
      let id = try JSONNode(value: .number(number), file: node.file, key: node.key).tokenID()
      tokens.append((try AddedToken(node, id: id), node))
    }
    return tokens
  }

  private func legacyTokens() throws(TokenizerError) -> [(token: AddedToken, node: JSONNode)] {
    var tokens: [(token: AddedToken, node: JSONNode)] = []
    guard let document = try document("added_tokens.json") else { return tokens }
    for (content, node) in try document.members() where !content.isEmpty {
      let token = AddedToken(
        content: Array(content.unicodeScalars), id: try node.tokenID(), isNormalized: true)
      tokens.append((token, node))
    }
    return tokens
  }

  /// A file that a checkpoint may lack.
  private func document(_ name: String) throws(TokenizerError) -> JSONNode? {
    let url = folder.appending(path: name)
    guard FileManager.default.fileExists(atPath: url.path) else { return nil }
    return try TokenizerFile(url).json()
  }
}
