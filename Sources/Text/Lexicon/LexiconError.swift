/// Why a pronunciation lexicon is refused.
public enum LexiconError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The lexicon has entries for a language that is not one of the 23.
  case unknownLanguage(String)
  /// An entry has no word, or only white space.
  case emptyWord(language: String)
  /// Two entries of a language are the same word but for white space.
  case repeatedWord(String, language: String)
  /// The word is too long. The error carries its beginning.
  case wordTooLong(String)
  /// The word has no pronunciation, or only white space.
  case emptyPronunciation(word: String)
  /// The pronunciation is too long.
  case pronunciationTooLong(word: String)
  /// The pronunciation has a slash at one end only, or one in the middle of its IPA.
  case loneSlash(word: String)
  /// The lexicon has too many entries.
  case tooManyEntries(Int)

  /// What is wrong, what is expected and what to do.
  public var description: String {
    switch self {
    case .unknownLanguage(let code):
      let codes = Language.allCases.map(\.code)
      let suggestion = Spelling.nearest(to: code, among: codes).map { " Did you mean \"\($0)\"?" } ?? ""
      return "The lexicon has no language \"\(code.prefix(20))\".\(suggestion) "
        + "Use one of \(codes.joined(separator: ", "))."
    case .emptyWord(let language):
      return "The lexicon has an empty word in \"\(language)\". Give the word that the text contains."
    case .repeatedWord(let word, let language):
      return "The lexicon has \"\(word)\" more than once in \"\(language)\". Keep one of the entries."
    case .wordTooLong(let word):
      return "The lexicon's word that begins \"\(word)\" is too long. "
        + "A word or phrase has at most \(Lexicon.longestWord) characters."
    case .emptyPronunciation(let word):
      return "The lexicon gives no pronunciation for \"\(word)\". "
        + "Write a respelling, such as engine X, or IPA between slashes, such as /ʃɪˈvɔːn/."
    case .pronunciationTooLong(let word):
      return "The lexicon's pronunciation of \"\(word)\" is too long. "
        + "It has at most \(Lexicon.longestPronunciation) characters."
    case .loneSlash(let word):
      return "The lexicon's pronunciation of \"\(word)\" has a slash out of place. "
        + "IPA stands between two slashes, such as /ʃɪˈvɔːn/; a respelling has none at its ends."
    case .tooManyEntries(let count):
      return "The lexicon has \(count) entries. It may have \(Lexicon.mostEntries)."
    }
  }
}
