/// How a word of the lexicon is spoken.
package enum Pronunciation: Hashable, Sendable {
  /// Written as it sounds, in the language's own spelling: `engine X`.
  case respelling(String)
  /// In the International Phonetic Alphabet, without the slashes.
  case ipa(String)

  /// Reads the form of the configuration: IPA between slashes, else a respelling.
  init(written: String, for word: String) throws(LexiconError) {
    let text = written.singleSpaced
    guard text.count <= Lexicon.longestPronunciation else { throw .pronunciationTooLong(word: word) }
    let opens = text.hasPrefix("/")
    let closes = text.hasSuffix("/")
    guard opens || closes else {
      guard !text.isEmpty else { throw .emptyPronunciation(word: word) }
      self = .respelling(text)
      return
    }
    guard opens, closes, text.count > 1 else { throw .loneSlash(word: word) }
    let ipa = String(text.dropFirst().dropLast()).singleSpaced
    guard !ipa.isEmpty else { throw .emptyPronunciation(word: word) }
    guard !ipa.contains("/") else { throw .loneSlash(word: word) }
    self = .ipa(ipa)
  }

  var isIPA: Bool {
    if case .ipa = self { true } else { false }
  }

  /// The form of the configuration.
  var written: String {
    switch self {
    case .respelling(let text): text
    case .ipa(let text): "/\(text)/"
    }
  }
}
