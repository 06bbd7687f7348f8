import Text

/// The section `lexicon`: language codes, each with words and how they are said.
struct LexiconSection {
  private struct Word {
    let language: String
    let word: String
    let pronunciation: String
    let place: ConfigurationError.Place
  }

  private let place: ConfigurationError.Place
  private var words: [Word] = []

  init(_ section: WrittenValue) throws(ConfigurationError) {
    place = section.place
    for language in try section.entries(of: "lexicon") {
      try Self.check(language)
      for entry in try language.value.entries(of: "lexicon.\(language.key)") {
        let name = "lexicon.\(language.key).\(entry.key.excerpt)"
        guard let pronunciation = entry.value.text else {
          throw .wrongValue(entry.value, of: name, expected: "text, in quotes where it looks like a number")
        }
        words.append(
          Word(language: language.key, word: entry.key, pronunciation: pronunciation, place: entry.place))
      }
    }
  }

  /// What is allowed in it is the lexicon's to say; where the mistake was made is found here.
  func lexicon() throws(ConfigurationError) -> Lexicon {
    let entries = Dictionary(grouping: words, by: \.language).mapValues { words in
      Dictionary(words.map { ($0.word, $0.pronunciation) }, uniquingKeysWith: { first, _ in first })
    }
    do {
      return try Lexicon(entries)
    } catch {
      for word in words {
        do {
          _ = try Lexicon([word.language: [word.word: word.pronunciation]])
        } catch let alone {
          throw ConfigurationError(.wrongValue, at: word.place, alone.description)
        }
      }
      throw ConfigurationError(.wrongValue, at: place, error.description)
    }
  }

  /// Also for a language without words, which makes no entry that could be refused.
  private static func check(_ language: WrittenValue.Entry) throws(ConfigurationError) {
    do {
      _ = try Lexicon([language.key: [:]])
    } catch {
      throw ConfigurationError(.wrongValue, at: language.place, error.description)
    }
  }
}
