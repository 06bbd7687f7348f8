/// Where words begin and end, as far as a lexicon is concerned.
struct WordBoundary: Sendable {
  private let language: Language

  init(language: Language) {
    self.language = language
  }

  /// Whether a word begins with a character.
  func isStart(of first: Character, after previous: Character?) -> Bool {
    guard !first.isWhitespace else { return false }
    guard let previous else { return true }
    return !previous.isWordPart || !first.isWordPart || previous.isSpaceless || first.isSpaceless
  }

  /// Whether a word ends with a character.
  func isEnd(of last: Character, before rest: Substring) -> Bool {
    guard let next = rest.first, last.isWordPart, !last.isSpaceless, !next.isSpaceless else { return true }
    if next.isWordPart {
      return language == .korean && KoreanParticles.matches(rest.prefix(while: \.isWordPart))
    }
    // "don" is no word in "don't", but "Ankara" is one in "Ankara'da" and "Siobhan" in "Siobhan's".
    guard language == .english, next.isApostrophe else { return true }
    let tail = rest.dropFirst().prefix(2).prefix(while: \.isWordPart)
    return tail.isEmpty || tail.lowercased() == "s"
  }
}

extension Character {
  /// A letter or a digit.
  var isWordPart: Bool { unicodeScalars.first?.isWordPart == true }

  /// Han or kana.
  var isSpaceless: Bool { unicodeScalars.first?.isSpaceless == true }

  var isApostrophe: Bool { self == "'" || self == "’" }
}
