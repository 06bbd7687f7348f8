/// Three or more numbers in a chain: IP addresses, versions, section and serial numbers.
enum Serials {
  static func rewrite(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    if let (groups, end) = chain(in: tokens, at: index, joinedBy: ".") {
      return Rewrite(words: isIPAddress(groups) ? address(groups) : version(groups), end: end)
    }
    if let (groups, end) = chain(in: tokens, at: index, joinedBy: "-"), tokens.word(at: end) == nil {
      return Rewrite(words: serial(groups), end: end)
    }
    return nil
  }

  /// All groups of a chain of at least three.
  private static func chain(
    in tokens: EnglishTokens, at index: Int, joinedBy separator: String
  ) -> (groups: [String], end: Int)? {
    var groups: [String] = []
    var end = index
    while let figures = tokens.digits(at: end) {
      groups.append(figures)
      guard tokens.isSymbol(separator, at: end + 1), tokens.digits(at: end + 2) != nil else { break }
      end += 2
    }
    return groups.count >= 3 ? (groups, end + 1) : nil
  }

  private static func isIPAddress(_ groups: [String]) -> Bool {
    groups.count == 4 && groups.allSatisfy { $0.utf8.count <= 3 && Int($0).map { $0 <= 255 } ?? false }
  }

  private static func address(_ groups: [String]) -> String {
    groups.map { NumberWords.digits($0) }.joined(separator: " dot ")
  }

  private static func version(_ groups: [String]) -> String {
    groups.map(words).joined(separator: " point ")
  }

  /// `4-3-3` has small numbers; anything longer is a key, said figure by figure.
  private static func serial(_ groups: [String]) -> String {
    let areSmall = groups.allSatisfy { $0.utf8.count <= 2 && ($0.first != "0" || $0.utf8.count == 1) }
    return areSmall
      ? groups.map { NumberWords.cardinal($0) }.joined(separator: " ")
      : groups.map { NumberWords.digits($0) }.joined(separator: ", ")
  }

  private static func words(_ figures: String) -> String {
    let isPadded = figures.utf8.count > 1 && figures.first == "0"
    return isPadded ? NumberWords.digits(figures) : NumberWords.cardinal(figures)
  }
}
