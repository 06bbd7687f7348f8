/// Roman numerals where the word before tells that they are numbers: `Henry VIII`, `Chapter IV`.
enum RomanNumerals {
  static func rewrite(_ tokens: Tokens, at index: Int) -> Rewrite? {
    guard let text = tokens.word(at: index), let before = tokens.wordBefore(index), before.isCapitalised,
      let value = value(of: text)
    else { return nil }
    let end = index + 1
    if numbered.contains(before) { return Rewrite(words: NumberWords.cardinal(value), end: end) }
    if rulers.contains(before), text != "I" || !isPronoun(tokens, at: index) {
      return Rewrite(words: "the " + NumberWords.ordinal(value), end: end)
    }
    let isUnmistakable = value == 2 || value == 3
    return isUnmistakable ? Rewrite(words: NumberWords.cardinal(value), end: end) : nil
  }

  /// Whether the letter is rather the word: "as Charles I think".
  private static func isPronoun(_ tokens: Tokens, at index: Int) -> Bool {
    guard let next = tokens.wordAfterBlank(index + 1) else { return false }
    return !["of", "and", "in", "who", "the", "was", "to"].contains(next)
  }

  private static let figures: [Character: Int] = ["I": 1, "V": 5, "X": 10, "L": 50, "C": 100]

  /// The value of a numeral below 400 in its only right spelling.
  private static func value(of text: String) -> Int? {
    guard text.utf8.count <= 9, let first = text.first, figures[first] != nil else { return nil }
    var value = 0
    var largest = 0
    for character in text.reversed() {
      guard let figure = figures[character] else { return nil }
      value += figure < largest ? -figure : figure
      largest = max(largest, figure)
    }
    return spelled(value) == text ? value : nil
  }

  private static func spelled(_ value: Int) -> String {
    var rest = value
    var text = ""
    let parts = [
      (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
    ]
    for (figure, letters) in parts {
      while rest >= figure {
        text += letters
        rest -= figure
      }
    }
    return text
  }

  private static let numbered: Set<String> = [
    "War", "Chapter", "Part", "Act", "Scene", "Volume", "Book", "Section", "Type", "Phase", "Stage", "Level",
    "Class", "Grade", "Appendix", "Article", "Figure", "Table", "Bowl", "Title", "Episode", "Season", "Rocky",
    "Fantasy", "Factor", "Division", "Group", "Unit", "Lesson", "Step", "Round", "Mark", "Quest", "Olympiad",
  ]

  private static let rulers: Set<String> = [
    "Henry", "Louis", "Elizabeth", "George", "William", "Charles", "James", "Edward", "Richard", "Philip",
    "Napoleon", "Pius", "Benedict", "John", "Paul", "Leo", "Gregory", "Clement", "Innocent", "Urban",
    "Francis",
    "Catherine", "Peter", "Alexander", "Nicholas", "Ivan", "Frederick", "Wilhelm", "Joseph", "Ramesses",
    "Ramses", "Ptolemy", "Harald", "Olaf", "Gustav", "Carl", "Christian", "Ferdinand", "Alfonso", "Otto",
    "Mary", "Victoria", "Robert", "David", "Malcolm", "Kenneth", "Constantine", "Theodosius", "Justinian",
    "Darius", "Xerxes", "Cleopatra", "Thutmose", "Amenhotep", "Boniface", "Sixtus", "Julius", "Adrian",
    "Margrethe", "Baldwin", "Leopold", "Albert", "Maximilian", "Rudolf", "Felipe", "Carlos", "Juan", "Pedro",
    "Umberto", "Mehmed", "Murad", "Selim", "Suleiman", "Rama",
  ]
}
