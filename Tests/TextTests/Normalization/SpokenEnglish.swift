import Text

/// What the English normalizer makes of a text.
func spokenEnglish(_ text: String) -> String {
  TextNormalizer(language: .english).normalize(text)
}
