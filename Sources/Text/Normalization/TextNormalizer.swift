/// Turns written text of a language into words to be spoken.
///
/// English is expanded whole (numbers, dates, symbols, abbreviations), by en-US conventions. Other
/// languages are only made plain Unicode, because their phonemizer reads numbers itself.
package struct TextNormalizer: Sendable {
  private let language: Language

  /// Creates a normalizer for texts of `language`.
  package init(language: Language) {
    self.language = language
  }

  /// Returns `text` as it is spoken. Line breaks and sentence punctuation stay.
  package func normalize(_ text: String) -> String {
    let tidied = UnicodeTidier(language: language).tidy(text)
    return language == .english ? EnglishNormalizer.normalize(tidied) : tidied
  }
}
