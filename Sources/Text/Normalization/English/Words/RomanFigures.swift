/// Reads Roman numerals.
enum RomanFigures {
  private static let figures: [Character: Int] = ["I": 1, "V": 5, "X": 10, "L": 50, "C": 100]

  /// The value of a numeral below 400 in its only right spelling.
  static func value(of text: String) -> Int? {
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
}
