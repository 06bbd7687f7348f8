@testable import Text

/// The chunks of a text with one sentence each, as plain strings.
func sentences(_ text: String, _ language: Language = .english) -> [String] {
  SentenceChunker(language: language, targetLength: 1).chunks(of: text).map(\.text)
}

/// The words of a text, white space aside.
func words(_ text: String) -> [Substring] {
  text.split(whereSeparator: \.isWhitespace)
}
