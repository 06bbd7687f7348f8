package import Foundation

/// The tokenizer of the multilingual models: each language's own preparation, a token for the language, and
/// the English tokenizer's byte pair encoding over characters.
///
/// Source: `MTLTokenizer` in the reference's `tokenizer.py`.
package struct MultilingualTokenizer: Sendable {
  /// The characters' tokens, with start and stop.
  package let graphemes: GraphemeTokenizer
  private let cangjie: CangjieTable?
  private let japanese: JapaneseReader

  /// Reads a tokenizer file, and the `Cangjie5_TC.json` that lies beside it, if there is one.
  /// - Parameter mecab: The program that reads kanji, by its name on the `PATH`.
  package init(contentsOf url: URL, mecab: String = "mecab") throws(TokenizerError) {
    graphemes = try GraphemeTokenizer(contentsOf: url)
    let table = url.deletingLastPathComponent().appending(path: "Cangjie5_TC.json")
    cangjie =
      FileManager.default.fileExists(atPath: table.path) ? try CangjieTable(contentsOf: table) : nil
    japanese = JapaneseReader(mecab: Mecab(program: Program(name: mecab)))
  }

  /// The tokens of a text, ``PunctuationNormalizer`` done.
  /// - Parameter language: The text's language, or `nil` to leave out its token and its preparation.
  /// - Throws: `CancellationError`, and nothing else.
  package func tokens(
    of text: String, language: Language?
  ) async throws(CancellationError) -> TokenizedText {
    let plain = Array(text.unicodeScalars).pythonLowercased().compatibilityDecomposed()
    guard let language else { return TokenizedText(tokens: graphemes.tokens(of: plain), warnings: []) }
    let (prepared, warnings) = try await prepare(plain, language)
    let tokens = graphemes.tokens(of: Array("[\(language.code)]".unicodeScalars) + prepared)
    return TokenizedText(tokens: tokens, warnings: warnings)
  }

  private func prepare(
    _ text: [Unicode.Scalar], _ language: Language
  ) async throws(CancellationError) -> (text: [Unicode.Scalar], warnings: [TokenizerWarning]) {
    switch language {
    case .chinese:
      guard let cangjie else { return (text, [.noCangjieTable, .chineseNotSegmented]) }
      return (cangjie.spelled(text), [.chineseNotSegmented])
    case .japanese:
      let (kana, warnings) = try await japanese.reading(of: text)
      return (kana.compatibilityDecomposed(), warnings)
    case .korean: return (Jamo.letters(of: text), [])
    case .hebrew: return (text, [.hebrewWithoutDiacritics])
    case .russian: return (text, [.russianWithoutStress])
    default: return (text, [])
    }
  }
}
