/// Reads a `tokenizer.json` of the `tokenizers` library: byte pair encoding as Chatterbox's models have it.
/// Anything else such a file can hold is refused rather than read wrongly.
struct TokenizerDocument: Sendable {
  private let root: JSONNode
  private let model: JSONNode

  init(_ file: TokenizerFile) throws(TokenizerError) {
    root = try file.json()
    model = try root.requiredMember("model")
    try requireNothingElse()
  }

  /// The tokenizer that the file describes.
  func tokenizer() throws(TokenizerError) -> BytePairTokenizer {
    var vocabulary = try Vocabulary(model.requiredMember("vocab"))
    let added = try root.member("added_tokens")?.elements() ?? []
    let addedTokens = try AddedToken.read(added, into: &vocabulary)
    let (splitter, alphabet) = try splitting(vocabulary)
    return BytePairTokenizer(
      vocabulary: vocabulary, merges: try merges(vocabulary), addedTokens: addedTokens,
      splitter: splitter, alphabet: alphabet)
  }

  private func splitting(
    _ vocabulary: Vocabulary
  ) throws(TokenizerError) -> (WordSplitter, BytePairTokenizer.Alphabet) {
    let preTokenizer = try root.requiredMember("pre_tokenizer")
    let type = try preTokenizer.requiredMember("type")
    switch try type.string() {
    case "Whitespace":
      let unknown = try model.requiredMember("unk_token")
      guard let id = vocabulary[try unknown.string().utf8] else {
        throw unknown.invalid("a token of the vocabulary")
      }
      return (.words, .scalars(vocabulary.singleScalars, unknown: id))
    case "ByteLevel":
      try preTokenizer.require("add_prefix_space", toBe: false)
      if let usesExpression = preTokenizer.member("use_regex"), try !usesExpression.boolean() {
        throw usesExpression.invalid("true")
      }
      return (.gpt2, .bytes(try ByteAlphabet.ids(in: vocabulary, file: root.file)))
    default: throw type.invalid("\"Whitespace\" or \"ByteLevel\"")
    }
  }

  private func merges(_ vocabulary: Vocabulary) throws(TokenizerError) -> BytePairMerges {
    var pairs: [(left: [UInt8], right: [UInt8], key: String)] = []
    for node in try model.requiredMember("merges").elements() {
      let parts: [String]
      if case .array = node.value {
        var elements: [String] = []
        for element in try node.elements() { elements.append(try element.string()) }
        parts = elements
      } else {
        parts = try node.string().unicodeScalars.split(separator: " ").map(String.init)
      }
      guard parts.count == 2 else { throw node.invalid("two tokens") }
      pairs.append((Array(parts[0].utf8), Array(parts[1].utf8), node.key))
    }
    return try BytePairMerges(pairs, vocabulary: vocabulary, file: root.file)
  }

  private func requireNothingElse() throws(TokenizerError) {
    if let type = model.member("type"), try type.string() != "BPE" { throw type.invalid("\"BPE\"") }
    for name in ["normalizer"] {
      if let node = root.member(name) { throw node.invalid("null") }
    }
    if let dropout = model.member("dropout") { throw dropout.invalid("null") }
    for name in ["fuse_unk", "byte_fallback", "ignore_merges"] { try model.require(name, toBe: false) }
    for name in ["continuing_subword_prefix", "end_of_word_suffix"] {
      if let node = model.member(name), try !node.string().isEmpty { throw node.invalid("null") }
    }
    try requireNoTokensAround()
  }

  /// A post-processor may not put tokens around the text: T3 has its own.
  private func requireNoTokensAround() throws(TokenizerError) {
    guard let processor = root.member("post_processor") else { return }
    let type = try processor.requiredMember("type")
    switch try type.string() {
    case "ByteLevel": return
    case "TemplateProcessing":
      if let tokens = processor.member("special_tokens"), try !tokens.members().isEmpty {
        throw tokens.invalid("no tokens")
      }
    default: throw type.invalid("\"ByteLevel\" or \"TemplateProcessing\"")
    }
  }
}

extension JSONNode {
  /// Refuses a flag that is set otherwise; one that is missing is as it should be.
  fileprivate func require(_ name: String, toBe expected: Bool) throws(TokenizerError) {
    if let node = member(name), try node.boolean() != expected { throw node.invalid("\(expected)") }
  }
}
