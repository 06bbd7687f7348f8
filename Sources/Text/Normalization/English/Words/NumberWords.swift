/// Numbers as en-US words, from their figures 0–9.
enum NumberWords {
  /// `12` is "twelve"; a number beyond all names is said figure by figure.
  static func cardinal(_ figures: some StringProtocol) -> String {
    let significant = figures.drop { $0 == "0" }
    if significant.isEmpty { return "zero" }
    guard significant.utf8.count <= 3 * scales.count else { return digits(figures) }
    return groups(of: Substring(significant)).map { value, power in
      scales[power].isEmpty ? belowThousand(value) : belowThousand(value) + " " + scales[power]
    }
    .joined(separator: " ")
  }

  static func cardinal(_ value: Int) -> String {
    value < 0 ? "minus " + cardinal(String(value.magnitude)) : cardinal(String(value))
  }

  /// `21` is "twenty-first".
  static func ordinal(_ figures: some StringProtocol) -> String {
    let words = cardinal(figures)
    let start = words.lastIndex { $0 == " " || $0 == "-" }.map { words.index(after: $0) } ?? words.startIndex
    return words[..<start] + ordinal(word: words[start...])
  }

  static func ordinal(_ value: Int) -> String { ordinal(String(value)) }

  /// `507` is "five zero seven".
  static func digits(_ figures: some StringProtocol) -> String {
    figures.utf8.map { ones[Int($0 &- UInt8(ascii: "0")) % 10] }.joined(separator: " ")
  }

  /// `1984` is "nineteen eighty-four", `1905` "nineteen oh five", `2005` "two thousand five".
  static func year(_ year: Int) -> String {
    let (century, rest) = year.quotientAndRemainder(dividingBy: 100)
    if year < 1000 || year > 9999 || century % 10 == 0 && rest < 10 { return cardinal(year) }
    if rest == 0 { return cardinal(century) + " hundred" }
    return cardinal(century) + " " + (rest < 10 ? "oh " : "") + cardinal(rest)
  }

  /// How rooms, flights and models are read: `101` is "one oh one", `747` "seven forty-seven".
  static func label(_ figures: some StringProtocol) -> String {
    guard let value = Int(figures), figures.first != "0" else { return digits(figures) }
    switch figures.utf8.count {
    case ...2: return cardinal(value)
    case 3:
      let (hundreds, rest) = value.quotientAndRemainder(dividingBy: 100)
      if rest == 0 { return cardinal(value) }
      return cardinal(hundreds) + " " + (rest < 10 ? "oh " : "") + cardinal(rest)
    case 4 where value % 1000 == 0: return cardinal(value)
    case 4 where value / 100 % 10 == 0 && value % 100 < 10: return digits(figures)
    case 4: return year(value)
    default: return digits(figures)
    }
  }
}

extension NumberWords {
  private static let ones = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
  ]

  private static let tens = [
    "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
  ]

  private static let scales = [
    "", "thousand", "million", "billion", "trillion", "quadrillion", "quintillion", "sextillion",
    "septillion", "octillion", "nonillion", "decillion",
  ]

  private static let irregularOrdinals: [Substring: String] = [
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth",
    "nine": "ninth", "twelve": "twelfth",
  ]

  private static func ordinal(word: Substring) -> String {
    if let irregular = irregularOrdinals[word] { return irregular }
    return word.hasSuffix("y") ? word.dropLast() + "ieth" : word + "th"
  }

  /// The thousands of a number from the highest, with the power of 1000 of each; empty ones left out.
  private static func groups(of figures: Substring) -> [(value: Int, power: Int)] {
    var rest = figures
    var groups: [(value: Int, power: Int)] = []
    var power = 0
    while !rest.isEmpty {
      if let value = Int(rest.suffix(3)), value > 0 { groups.append((value, power)) }
      rest = rest.dropLast(3)
      power += 1
    }
    return groups.reversed()
  }

  private static func belowThousand(_ value: Int) -> String {
    let (hundreds, rest) = value.quotientAndRemainder(dividingBy: 100)
    if hundreds == 0 { return belowHundred(rest) }
    return ones[hundreds] + " hundred" + (rest == 0 ? "" : " " + belowHundred(rest))
  }

  private static func belowHundred(_ value: Int) -> String {
    if value < 20 { return ones[value] }
    return tens[value / 10] + (value % 10 == 0 ? "" : "-" + ones[value % 10])
  }
}
