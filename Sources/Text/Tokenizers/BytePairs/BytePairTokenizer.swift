/// Byte pair encoding behind all three tokenizers: added tokens first, then words, then merges.
struct BytePairTokenizer: Sendable {
  /// What a word's first tokens are.
  enum Alphabet: Sendable {
    /// Its scalars; those that the vocabulary lacks are the unknown token, one for each.
    case scalars([UInt32: Int32], unknown: Int32)
    /// The bytes of its UTF-8. The array has the id of each of the 256.
    case bytes([Int32])
  }

  let addedTokens: AddedTokens
  let splitter: WordSplitter
  let alphabet: Alphabet
  let merges: BytePairMerges
  /// One more than the largest id.
  let vocabularySize: Int
  /// The added tokens that are spelled in square brackets.
  let tags: Set<String>

  init(
    vocabulary: Vocabulary, merges: BytePairMerges, addedTokens: [AddedToken], splitter: WordSplitter,
    alphabet: Alphabet
  ) {
    self.addedTokens = AddedTokens(addedTokens)
    self.splitter = splitter
    self.alphabet = alphabet
    self.merges = merges
    vocabularySize = vocabulary.size
    tags = Set(
      addedTokens.filter { $0.content.first == "[" && $0.content.last == "]" }.map { String($0.content) })
  }

  func tokens(of text: [Unicode.Scalar]) -> [Int32] {
    var tokens: [Int32] = []
    for part in addedTokens.parts(of: text) {
      switch part {
      case .token(let id): tokens.append(id)
      case .text(let range):
        for word in splitter.words(of: text, in: range) {
          tokens += merges.merged(symbols(of: text[word]))
        }
      }
    }
    return tokens
  }

  private func symbols(of word: ArraySlice<Unicode.Scalar>) -> [Int32] {
    switch alphabet {
    case .scalars(let ids, let unknown): word.map { ids[$0.value] ?? unknown }
    case .bytes(let ids): word.flatMap { UTF8.encode($0)?.map { ids[Int($0)] } ?? [] }
    }
  }
}

extension String {
  init(_ scalars: some Sequence<Unicode.Scalar>) {
    var view = UnicodeScalarView()
    view.append(contentsOf: scalars)
    self.init(view)
  }
}
