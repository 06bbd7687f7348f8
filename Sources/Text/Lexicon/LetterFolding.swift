/// Makes letters equal that are the same but for case or typography.
struct LetterFolding: Sendable {
  private let isTurkish: Bool

  init(language: Language) {
    isTurkish = language == .turkish
  }

  func fold(_ character: Character) -> String {
    switch character {
    case "’": return "'"
    case "ς": return "σ"
    // Turkish has two letters where the others have one: I ı, İ i.
    case "I" where isTurkish: return "ı"
    case "İ" where isTurkish: return "i"
    default: return character.isWhitespace ? " " : character.lowercased()
    }
  }
}

extension String {
  /// The text trimmed, with every run of white space made one space.
  var singleSpaced: String {
    split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  /// The text in the one form in which entries with capitals are compared.
  var plain: String {
    String(singleSpaced.map { $0 == "’" ? "'" : $0 })
  }
}
