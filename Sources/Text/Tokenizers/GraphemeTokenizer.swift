package import Foundation

/// The tokenizer of the English model: byte pair encoding over characters.
///
/// Source: `EnTokenizer` in the reference's `tokenizer.py`.
package struct GraphemeTokenizer: Sendable {
  private static let space = Array("[SPACE]".unicodeScalars)

  private let tokenizer: BytePairTokenizer
  /// The token that T3 puts before a text.
  package let startToken: Int32
  /// The token that T3 puts after a text.
  package let stopToken: Int32

  /// Reads a `tokenizer.json`.
  package init(contentsOf url: URL) throws(TokenizerError) {
    let file = try TokenizerFile(url)
    tokenizer = try TokenizerDocument(file).tokenizer()
    guard case .scalars = tokenizer.alphabet else {
      throw .invalid(file: file.name, key: "pre_tokenizer.type", expected: "\"Whitespace\"")
    }
    startToken = try Self.marker("[START]", of: tokenizer, file: file.name)
    stopToken = try Self.marker("[STOP]", of: tokenizer, file: file.name)
  }

  private static func marker(
    _ name: String, of tokenizer: BytePairTokenizer, file: String
  ) throws(TokenizerError) -> Int32 {
    let tokens = tokenizer.tokens(of: Array(name.unicodeScalars))
    guard tokens.count == 1 else { throw .missing(file: file, key: "added token \(name)") }
    return tokens[0]
  }

  /// One more than the largest id: the rows that the model's text embedding must have.
  package var vocabularySize: Int { tokenizer.vocabularySize }

  /// The tags that the model knows: `[laughter]`.
  package var tags: Set<String> { tokenizer.tags }

  /// The tokens of a text, ``PunctuationNormalizer`` done.
  package func tokens(of text: String) -> TokenizedText {
    TokenizedText(tokens: tokens(of: Array(text.unicodeScalars)), warnings: [])
  }

  /// The tokens of text whose spaces are the model's own token.
  func tokens(of text: [Unicode.Scalar]) -> [Int32] {
    tokenizer.tokens(of: text.flatMap { $0 == " " ? Self.space : [$0] })
  }
}
