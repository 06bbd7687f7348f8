/// A fraction, perhaps after a whole number: `3/4`, `2 1/2`.
struct Fraction: Sendable {
  /// The number before it.
  let whole: String?
  let numerator: Int
  let denominator: Int
  /// The index after the fraction.
  let end: Int

  /// Reads the fraction that begins at `index`.
  init?(in tokens: EnglishTokens, at index: Int) {
    if let (numerator, denominator) = Self.parts(in: tokens, at: index) {
      self.init(whole: nil, numerator: numerator, denominator: denominator, end: index + 3)
    } else if let whole = tokens.digits(at: index), whole.utf8.count <= 6,
      tokens.isBlank(at: index + 1) || tokens.isSymbol("-", at: index + 1),
      let (numerator, denominator) = Self.parts(in: tokens, at: index + 2), numerator < denominator
    {
      self.init(whole: whole, numerator: numerator, denominator: denominator, end: index + 5)
    } else {
      return nil
    }
  }

  private init(whole: String?, numerator: Int, denominator: Int, end: Int) {
    self.whole = whole
    self.numerator = numerator
    self.denominator = denominator
    self.end = end
  }

  private static func parts(in tokens: EnglishTokens, at index: Int) -> (numerator: Int, denominator: Int)? {
    guard let numerator = tokens.digits(at: index), numerator.utf8.count <= 3,
      tokens.isSymbol(in: ["/", "⁄"], at: index + 1),
      let denominator = tokens.digits(at: index + 2), denominator.utf8.count <= 4,
      !tokens.isSymbol("/", at: index + 3), !(numerator.utf8.count > 1 && numerator.first == "0")
    else { return nil }
    guard let numerator = Int(numerator), let denominator = Int(denominator) else { return nil }
    return (numerator, denominator)
  }

  /// Whether it is a part of one thing: `3/4 of a mile`.
  var isPart: Bool { whole == nil && numerator < denominator && isNamed }

  var words: String {
    guard let whole else { return isNamed ? named : over }
    let part = numerator == 1 ? "a " + denominatorWord : named
    return NumberWords.cardinal(whole) + " and " + (isNamed ? part : over)
  }

  /// Whether people say "fifths", and not "over five".
  private var isNamed: Bool {
    guard numerator > 0, denominator > 1, numerator != denominator else { return false }
    if numerator > denominator { return denominator <= 10 }
    if denominator >= 100 && numerator > 1 { return false }
    return denominator <= 20 || Self.roundDenominators.contains(denominator)
  }

  private static let roundDenominators: Set = [25, 30, 32, 40, 50, 60, 64, 100, 1000]

  private var named: String { NumberWords.cardinal(numerator) + " " + denominatorWord }

  private var over: String {
    let isScore = numerator == denominator && denominator > 0 || denominator == 100
    let relation = isScore ? " out of " : " over "
    return NumberWords.cardinal(numerator) + relation + NumberWords.cardinal(denominator)
  }

  private var denominatorWord: String {
    switch denominator {
    case 2: numerator == 1 ? "half" : "halves"
    case 4: numerator == 1 ? "quarter" : "quarters"
    default: NumberWords.ordinal(denominator) + (numerator == 1 ? "" : "s")
    }
  }
}
