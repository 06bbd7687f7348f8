import Foundation

/// The files of `tools/reference/chatterbox/tokenizer_golden.py` in `Tests/Fixtures/tokenizers`.
enum TokenizerFixtures {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Fixtures/tokenizers").standardized

  /// Resemble AI's own files.
  static let english = folder.appending(path: "tokenizer-en.json")
  static let multilingual = folder.appending(path: "grapheme_mtl_merged_expanded_v1.json")

  /// A made-up vocabulary with Turbo's tags, in four files.
  static let turbo = folder.appending(path: "turbo")
  /// The same and some tokens with flags in one `tokenizer.json`.
  static let single = folder.appending(path: "single")

  /// A line of the corpus, with what the reference makes of it.
  struct Line: Decodable {
    let text: String
    let language: String?
    let english: [Int32]?
    let multilingual: [Int32]
    let turbo: [Int32]
    /// Whether the reference's dictionary was asked, which is not ours.
    let kanji: Bool?
    /// What punc_norm makes of the text: one for all, or standard, turbo, multilingual; none if nothing.
    let normalized: [String]?
  }

  static var corpus: [Line] {
    get throws {
      try lines(folder.appending(path: "corpus.jsonl"), of: Line.self)
    }
  }

  private static func lines<Line: Decodable>(_ file: URL, of type: Line.Type) throws -> [Line] {
    try Data(contentsOf: file).split(separator: UInt8(ascii: "\n"))
      .map { try JSONDecoder().decode(Line.self, from: $0) }
  }

  /// A text and the tokens of `single/tokenizer.json`.
  struct Flagged: Decodable {
    let text: String
    let tokens: [Int32]
  }

  static var flagged: [Flagged] {
    get throws {
      try JSONDecoder().decode([Flagged].self, from: Data(contentsOf: single.appending(path: "flags.json")))
    }
  }
}
