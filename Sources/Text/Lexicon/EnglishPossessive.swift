/// The `'s` after a word given in IPA, which is one sound with the word and no word of its own.
struct EnglishPossessive {
  /// The sound in IPA: `s` after a voiceless consonant, `ɪz` after a hiss, else `z`.
  let sound: String
  /// Where the text goes on.
  let end: String.Index

  /// Reads a possessive that a text begins with.
  init?(of ipa: String, in text: Substring) {
    guard let apostrophe = text.first, apostrophe.isApostrophe,
      let letter = text.dropFirst().first, letter.lowercased() == "s"
    else { return nil }
    end = text.index(text.startIndex, offsetBy: 2)
    switch ipa.last {
    case "s", "z", "ʃ", "ʒ": sound = "ɪz"
    case "p", "t", "k", "f", "θ": sound = "s"
    default: sound = "z"
    }
  }
}
