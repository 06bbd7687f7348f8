import Foundation
import Text

/// A model's way from text to text tokens: its tags, its punctuation, its tokenizer.
struct TextFront: Sendable {
  private enum Tokenizer {
    case english(GraphemeTokenizer)
    case multilingual(MultilingualTokenizer)
    case byteLevel(ByteLevelTokenizer)
  }

  private let tokenizer: Tokenizer
  private let punctuation: PunctuationNormalizer
  private let tags: TagSpelling

  init(_ folder: InstalledCheckpoint) throws {
    switch folder.kind {
    case .turbo, .nano:
      let tokenizer = try ByteLevelTokenizer(folder: folder.folder)
      (self.tokenizer, punctuation) = (.byteLevel(tokenizer), .turbo)
      tags = TagSpelling(tags: tokenizer.tags)
    case .standard:
      let tokenizer = try GraphemeTokenizer(contentsOf: URL(filePath: folder.path(.tokenizer)))
      (self.tokenizer, punctuation) = (.english(tokenizer), .standard)
      tags = TagSpelling(tags: tokenizer.tags)
    default:
      let tokenizer = try MultilingualTokenizer(contentsOf: URL(filePath: folder.path(.tokenizer)))
      (self.tokenizer, punctuation) = (.multilingual(tokenizer), .multilingual)
      tags = TagSpelling(tags: tokenizer.graphemes.tags)
    }
  }

  /// The text tokens of a chunk, without marks of start and end.
  func tokens(of chunk: ModelInput) async throws -> [Int32] {
    let respelled = chunk.lexicon.respelled(chunk.text, language: chunk.language)
    let text = punctuation.normalize(tags.applied(to: respelled))
    switch tokenizer {
    case .english(let tokenizer): return tokenizer.tokens(of: text).tokens
    case .multilingual(let tokenizer):
      return try await tokenizer.tokens(of: text, language: chunk.language).tokens
    case .byteLevel(let tokenizer): return tokenizer.tokens(of: text).tokens
    }
  }
}

extension InstalledCheckpoint {
  /// What the reference does with a language's text that is not done here, for the caller to know.
  func warnings(for language: Language) -> [SpeechWarning] {
    guard kind == .multilingual else { return [] }
    let message: String? =
      switch language {
      case .chinese where file(.cangjie) == nil:
        "Chinese is read without its Cangjie table: pull the model again to fetch Cangjie5_TC.json."
      case .chinese: "Chinese is read without word boundaries."
      case .hebrew: "Hebrew is read without added vowel points."
      case .russian: "Russian is read without added stress marks."
      case .japanese where !Programs.isInstalled("mecab"):
        "Kanji are not read: install mecab and mecab-ipadic-utf8."
      default: nil
      }
    return message.map { [SpeechWarning(code: "text_reading", message: $0)] } ?? []
  }
}
