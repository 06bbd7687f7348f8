package import Foundation

/// The tokenizer of Turbo and Nano: GPT-2's byte-level byte pair encoding, with the paralinguistic tags as
/// added tokens. Equal to transformers' `GPT2TokenizerFast`, without truncation.
///
/// Source: the reference's `tts_turbo.py`.
package struct ByteLevelTokenizer: Sendable {
  private let tokenizer: BytePairTokenizer

  /// Reads a checkpoint's tokenizer: `tokenizer.json` if there is one, else `vocab.json`, `merges.txt` and
  /// the added tokens beside them.
  package init(folder: URL) throws(TokenizerError) {
    let single = folder.appending(path: "tokenizer.json")
    if FileManager.default.fileExists(atPath: single.path) {
      tokenizer = try TokenizerDocument(TokenizerFile(single)).tokenizer()
    } else {
      tokenizer = try GPT2Files(folder: folder).tokenizer()
    }
    guard case .bytes = tokenizer.alphabet else {
      throw .invalid(
        file: single.lastPathComponent, key: "pre_tokenizer.type", expected: "\"ByteLevel\"")
    }
  }

  /// One more than the largest id: the rows that the model's text embedding must have.
  package var vocabularySize: Int { tokenizer.vocabularySize }

  /// The tags that the model knows: `[laugh]`.
  package var tags: Set<String> { tokenizer.tags }

  /// The tokens of a text, ``PunctuationNormalizer`` done.
  package func tokens(of text: String) -> TokenizedText {
    TokenizedText(tokens: tokenizer.tokens(of: Array(text.unicodeScalars)), warnings: [])
  }
}
