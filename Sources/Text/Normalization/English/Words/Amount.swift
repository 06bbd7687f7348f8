/// How many of something: a number or a fraction, perhaps with a word for its size, `3.5 million`.
struct Amount: Sendable {
  let words: String
  /// Whether a noun after it is singular: `1 km`.
  let isOne: Bool
  /// Whether it is a part of one: `3/4 mile` is "of a mile".
  let isPart: Bool
  /// The index after the amount.
  let end: Int

  /// Reads the amount that begins at `index`.
  init?(in tokens: EnglishTokens, at index: Int) {
    if let fraction = Fraction(in: tokens, at: index) {
      words = fraction.words
      isOne = false
      isPart = fraction.isPart
      end = fraction.end
    } else if let numeral = Numeral(in: tokens, at: index) {
      let size = Magnitude(in: tokens, at: numeral.end)
      words = numeral.words + (size.map { " " + $0.word } ?? "")
      isOne = numeral.isOne && size == nil
      isPart = false
      end = size?.end ?? numeral.end
    } else {
      return nil
    }
  }
}

extension Amount {
  /// The amount with its unit: "five miles", "three quarters of a mile", "a five mile run".
  func words(of one: String, _ many: String, isAttribute: Bool) -> String {
    if isPart { return words + Self.partitive(one) }
    return words + " " + (isOne || isAttribute ? one : many)
  }

  private static func partitive(_ unit: String) -> String {
    let takesAn = unit.first.map("aeio".contains) ?? false || unit == "hour"
    return (takesAn ? " of an " : " of a ") + unit
  }
}

/// A word or letter that makes a number larger: `million`, `bn`, and for money `K`, `M`, `B`.
struct Magnitude: Sendable {
  let word: String
  let end: Int

  private static let words: [String: String] = [
    "hundred": "hundred", "thousand": "thousand", "million": "million", "billion": "billion",
    "trillion": "trillion",
  ]
  private static let suffixes = [
    "mn": "million", "mln": "million", "bn": "billion", "bln": "billion", "trn": "trillion",
  ]
  private static let moneySuffixes = [
    "k": "thousand", "K": "thousand", "m": "million", "M": "million", "MM": "million", "b": "billion",
    "B": "billion", "t": "trillion", "T": "trillion",
  ]

  /// Reads the magnitude at `index`, right after a number.
  init?(in tokens: EnglishTokens, at index: Int, ofMoney isMoney: Bool = false) {
    let next = tokens.skippingBlank(index)
    guard let text = tokens.word(at: next) else { return nil }
    if let word = Self.words[text] {
      self.word = word
    } else if let word = Self.suffixes[text] {
      self.word = word
    } else if isMoney, next == index, let word = Self.moneySuffixes[text] {
      self.word = word
    } else {
      return nil
    }
    end = next + 1
  }
}
