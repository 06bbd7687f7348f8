/// Telephone and card numbers, figure by figure with a pause between the groups.
enum PhoneNumbers {
  static func rewrite(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    guard tokens.startsExpression(at: index) else { return nil }
    if tokens.isSymbol("+", at: index) { return international(tokens, at: index) }
    guard let number = Groups(in: tokens, at: index) else { return nil }
    if let lettered = lettered(number, in: tokens) { return lettered }
    guard isNumber(number, in: tokens, at: index) else { return nil }
    return Rewrite(words: number.words, end: number.end)
  }

  private static func international(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    guard tokens.digits(at: index + 1) != nil, let number = Groups(in: tokens, at: index + 1),
      (8...15).contains(number.figureCount)
    else { return nil }
    return Rewrite(words: "plus " + number.words, end: number.end)
  }

  private static func isNumber(_ number: Groups, in tokens: EnglishTokens, at index: Int) -> Bool {
    let goesOn = tokens.isSymbol("-", at: number.end) || tokens[number.end].kind == .word
    switch number.lengths {
    case [3, 3, 4]: return !goesOn
    case [1, 3, 3, 4]: return !goesOn && number.groups[0] == "1"
    case [4, 4, 4, 4]: return !goesOn
    case [3, 4]: return !goesOn && number.separator == "-" && isLocal(number, in: tokens, at: index)
    default: return false
    }
  }

  /// `555-1234` is a number to call, `100-1000` is a range.
  private static func isLocal(_ number: Groups, in tokens: EnglishTokens, at index: Int) -> Bool {
    let isRound = number.groups.allSatisfy { $0.hasSuffix("0") }
    return number.groups[0] == "555" || number.groups[0].first == "0" || !isRound
  }

  /// `1-800-FLOWERS`
  private static func lettered(_ number: Groups, in tokens: EnglishTokens) -> Rewrite? {
    guard number.lengths == [1, 3] || number.lengths == [3],
      ["800", "888", "877", "866"].contains(number.groups.last),
      tokens.isSymbol("-", at: number.end), let word = tokens.word(at: number.end + 1),
      word.utf8.count >= 4, word == word.uppercased()
    else { return nil }
    return Rewrite(words: number.words + ", " + word, end: number.end + 2)
  }
}

extension PhoneNumbers {
  /// Groups of figures with one kind of separator: `555-123-4567`, `(555) 123 4567`.
  private struct Groups {
    private(set) var groups: [String] = []
    private(set) var separator: String?
    private(set) var end: Int

    /// No number has more groups.
    private static let limit = 6

    init?(in tokens: EnglishTokens, at index: Int) {
      end = index
      while groups.count < Self.limit {
        let start = groups.isEmpty ? end : afterSeparator(in: tokens)
        guard let start, let group = Self.group(in: tokens, at: start) else { break }
        groups.append(group.words)
        end = group.end
      }
      if groups.isEmpty { return nil }
    }

    /// The index after a separator at the end, if it is one like those before.
    private mutating func afterSeparator(in tokens: EnglishTokens) -> Int? {
      let isBracketed = tokens.isSymbol(")", at: end - 1)
      let isBlank = tokens.isBlank(at: end)
      if isBlank && (isBracketed || tokens.isSymbol("(", at: end + 1)) { return end + 1 }
      if isBracketed && tokens.digits(at: end) != nil { return end }
      guard isBlank || tokens.isSymbol(in: ["-", "."], at: end) else { return nil }
      let text = tokens[end].text
      if let separator, separator != text, groups.count > 2 { return nil }
      separator = text
      return end + 1
    }

    private static func group(in tokens: EnglishTokens, at index: Int) -> Rewrite? {
      if let figures = tokens.digits(at: index) { return Rewrite(words: figures, end: index + 1) }
      guard tokens.isSymbol("(", at: index), let figures = tokens.digits(at: index + 1),
        figures.utf8.count <= 4, tokens.isSymbol(")", at: index + 2)
      else { return nil }
      return Rewrite(words: figures, end: index + 3)
    }

    var lengths: [Int] { groups.map(\.utf8.count) }

    var figureCount: Int { lengths.reduce(0, +) }

    var words: String {
      groups.map { ["800", "900"].contains($0) ? NumberWords.cardinal($0) : NumberWords.digits($0) }
        .joined(separator: ", ")
    }
  }
}
