/// A stretch of text whose pronunciation is settled, or is not.
package enum SpokenRun: Hashable, Sendable {
  /// Ordinary text, to be normalised and read by the voice's own rules.
  case text(String)
  /// Sounds in the International Phonetic Alphabet, to be spoken as they are.
  case ipa(String)
}

extension SpokenRun {
  /// The run with its text normalised. White space at its ends stays: it parts the run from the next.
  package func normalized(by normalizer: TextNormalizer) -> SpokenRun {
    guard case .text(let text) = self, let first = text.firstIndex(where: { !$0.isWhitespace }) else {
      return self
    }
    let leading = text[..<first]
    let trailing = text.reversed().prefix(while: \.isWhitespace).reversed()
    return .text(leading + normalizer.normalize(text) + trailing)
  }
}

extension Lexicon {
  /// The text with its words replaced by their pronunciations, before anything else is done to it.
  ///
  /// The longest entry wins; a word that was replaced is not looked at again.
  package func runs(of text: String, language: Language) -> [SpokenRun] {
    runs(of: text, language: language, withIPA: true)
  }

  /// The text with its words respelled, for a voice that takes text and no IPA: words whose
  /// pronunciation is IPA stay as they are.
  package func respelled(_ text: String, language: Language) -> String {
    runs(of: text, language: language, withIPA: false).map { run in
      switch run {
      case .text(let text), .ipa(let text): text
      }
    }.joined()
  }

  private func runs(of text: String, language: Language, withIPA: Bool) -> [SpokenRun] {
    guard let index = indexes[language] else { return text.isEmpty ? [] : [.text(text)] }
    var runs = RunBuilder()
    var previous: Character?
    var position = text.startIndex
    while position < text.endIndex {
      guard let match = index.match(in: text[position...], after: previous, withIPA: withIPA)
      else {
        previous = text[position]
        runs.append(text[position])
        text.formIndex(after: &position)
        continue
      }
      previous = text[text.index(before: match.end)]
      position = match.end
      switch match.pronunciation {
      case .respelling(let spelling):
        runs.append(spelling)
      case .ipa(let ipa):
        let possessive = language == .english ? EnglishPossessive(of: ipa, in: text[position...]) : nil
        runs.append(ipa: ipa + (possessive?.sound ?? ""))
        position = possessive?.end ?? position
        previous = possessive == nil ? previous : "s"
      }
    }
    return runs.finished()
  }
}

/// Gathers runs, joining neighbouring text.
private struct RunBuilder {
  private var runs: [SpokenRun] = []
  private var text = ""

  mutating func append(_ character: Character) {
    text.append(character)
  }

  mutating func append(_ more: String) {
    text += more
  }

  mutating func append(ipa: String) {
    endText()
    runs.append(.ipa(ipa))
  }

  mutating func finished() -> [SpokenRun] {
    endText()
    return runs
  }

  private mutating func endText() {
    if !text.isEmpty { runs.append(.text(text)) }
    text = ""
  }
}
