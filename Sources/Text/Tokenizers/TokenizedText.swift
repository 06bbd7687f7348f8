/// A text as a model reads it.
package struct TokenizedText: Hashable, Sendable {
  /// Ids in the model's text vocabulary, without the start and stop tokens that T3 puts around them.
  package let tokens: [Int32]
  /// What the text had to do without; the model will say it less well.
  package let warnings: [TokenizerWarning]
}

/// A step of a language's preparation that could not be taken, as the reference logs it.
package enum TokenizerWarning: String, Hashable, Sendable, CaseIterable, CustomStringConvertible {
  /// Chinese characters are unknown to the model, for the checkpoint has no `Cangjie5_TC.json`.
  case noCangjieTable
  /// Chinese has no spaces between its words, which the reference's segmenter puts there.
  case chineseNotSegmented
  /// Kanji are unknown to the model, for mecab is missing or failed.
  case kanjiNotRead
  /// Some kanji are left out, for mecab's dictionary does not have them.
  case unknownKanji
  /// Hebrew has no vowel points but those of the text.
  case hebrewWithoutDiacritics
  /// Russian has no stress marks but those of the text.
  case russianWithoutStress

  package var description: String {
    switch self {
    case .noCangjieTable:
      "The model cannot read Chinese characters without Cangjie5_TC.json. Pull the multilingual model again."
    case .chineseNotSegmented:
      "Chinese is read without word boundaries. Spaces between words make it sound better."
    case .kanjiNotRead:
      "Kanji cannot be read without mecab and its dictionary. Install mecab and mecab-ipadic-utf8."
    case .unknownKanji:
      "Some kanji are not in mecab's dictionary and are left out. Spell them in kana."
    case .hebrewWithoutDiacritics:
      "Hebrew is read without added vowel points. Point ambiguous words in the text."
    case .russianWithoutStress:
      "Russian is read without added stress marks. Mark the stress of ambiguous words in the text."
    }
  }
}
