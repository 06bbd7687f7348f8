/// Sums of money: `$5.99`, `£3.5 million`, `US$20`, `EUR 5`, `50¢`, `$10–$15`.
enum Currencies {
  static func rewriteSymbolFirst(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    guard tokens[index].kind == .symbol, let currency = Currency.bySymbol[tokens[index].text] else {
      return nil
    }
    return sum(of: currency, in: tokens, from: index, at: index + 1)
  }

  /// `US$5`, `EUR 5`, `Rs. 500`
  static func rewriteCodeFirst(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    guard let code = tokens.word(at: index) else { return nil }
    if tokens.isSymbol("$", at: index + 1), let currency = Currency.dollarByPrefix[code] {
      return sum(of: currency, in: tokens, from: index, at: index + 2)
    }
    guard let currency = Currency.byCode[code] else { return nil }
    let isStopped = code == "Rs" && tokens.isSymbol(".", at: index + 1)
    return sum(of: currency, in: tokens, from: index, at: isStopped ? index + 2 : index + 1)
  }

  /// `20 €`, `50¢`, `5 USD`
  static func rewriteAmountFirst(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    guard let sum = Sum(in: tokens, at: index) else { return nil }
    let sign = tokens.skippingBlank(sum.end)
    guard let currency = currency(of: tokens[sign]), !startsSum(tokens, at: sign) else { return nil }
    let isAttribute = tokens.isAttribute(index..<sign + 1)
    return Rewrite(words: sum.words(in: currency, isAttribute: isAttribute), end: sign + 1)
  }

  private static func currency(of token: EnglishToken) -> Currency? {
    switch token.kind {
    case .symbol: Currency.bySymbol[token.text]
    case .word: token.text == "Rs" ? nil : Currency.byCode[token.text]
    default: nil
    }
  }

  /// Whether the sign at `index` belongs to the number after it.
  private static func startsSum(_ tokens: EnglishTokens, at index: Int) -> Bool {
    tokens.digits(at: index + 1) != nil
      || tokens[index].kind == .word && tokens.isBlank(at: index + 1) && tokens.digits(at: index + 2) != nil
  }

  private static func sum(
    of currency: Currency, in tokens: EnglishTokens, from start: Int, at index: Int
  ) -> Rewrite? {
    var index = tokens.skippingBlank(index)
    let isNegative = tokens.isSymbol("-", at: index)
    if isNegative { index += 1 }
    guard let first = Sum(in: tokens, at: index) else { return nil }
    let sign = isNegative ? "minus " : ""
    if let last = upperEnd(in: tokens, after: first.end, symbol: tokens[start].text) {
      let lower = first.isWhole ? first.number : first.words(in: currency, isAttribute: false)
      let upper = last.words(in: currency, isAttribute: tokens.isAttribute(start..<last.end))
      return Rewrite(words: sign + lower + " to " + upper, end: last.end)
    }
    let (currency, end) = named(currency, in: tokens, at: first.end)
    let words = first.words(in: currency, isAttribute: tokens.isAttribute(start..<end))
    return Rewrite(words: sign + words, end: end)
  }

  /// `$5 CAD` names the dollar after the sum.
  private static func named(_ currency: Currency, in tokens: EnglishTokens, at index: Int) -> (
    Currency, end: Int
  ) {
    guard let code = tokens.wordAfterBlank(index), let named = Currency.byCode[code],
      named.one.hasSuffix(currency.one)
    else { return (currency, index) }
    return (named, index + 2)
  }

  /// The second sum of a range: `–$15`, `-15`.
  private static func upperEnd(in tokens: EnglishTokens, after index: Int, symbol: String) -> Sum? {
    guard tokens.isSymbol(in: ["-", "–"], at: index) else { return nil }
    return Sum(in: tokens, at: tokens.isSymbol(symbol, at: index + 1) ? index + 2 : index + 1)
  }
}

extension Currencies {
  /// A number of some currency, perhaps with a word or letter for its size.
  private struct Sum {
    let numeral: Numeral
    let size: Magnitude?

    init?(in tokens: EnglishTokens, at index: Int) {
      guard let numeral = Numeral(in: tokens, at: index) else { return nil }
      self.numeral = numeral
      size = Magnitude(in: tokens, at: numeral.end, ofMoney: true)
    }

    var end: Int { size?.end ?? numeral.end }

    var isWhole: Bool { numeral.decimals == nil && size == nil }

    var number: String { numeral.words }

    func words(in currency: Currency, isAttribute: Bool) -> String {
      if let size { return number + " " + size.word + " " + (isAttribute ? currency.one : currency.many) }
      if let parts = parts(in: currency) { return parts }
      return number + " " + (numeral.isOne || isAttribute ? currency.one : currency.many)
    }

    /// Two decimals are the currency's hundredths: `5.99`.
    private func parts(in currency: Currency) -> String? {
      guard let cent = currency.cent, let cents = currency.cents, let decimals = numeral.decimals,
        decimals.utf8.count == 2, let hundredths = Int(decimals)
      else { return nil }
      let whole = numeral.whole.drop { $0 == "0" }
      let wholeWords = NumberWords.cardinal(whole) + " " + (whole == "1" ? currency.one : currency.many)
      let centWords = NumberWords.cardinal(hundredths) + " " + (hundredths == 1 ? cent : cents)
      if hundredths == 0 { return wholeWords }
      return whole.isEmpty ? centWords : wholeWords + " and " + centWords
    }
  }
}
