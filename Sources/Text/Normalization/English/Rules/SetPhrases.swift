/// Spellings that are read by heart: `24/7`, `and/or`, `C++`, `WWII`.
enum SetPhrases {
  static func rewrite(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    guard let candidates = byFirstToken[tokens[index].text], tokens.startsExpression(at: index) else {
      return nil
    }
    for phrase in candidates {
      let end = index + phrase.tokens.count
      let matches = phrase.tokens.indices.allSatisfy { tokens[index + $0].text == phrase.tokens[$0] }
      if matches && isWhole(tokens, endingAt: end) { return Rewrite(words: phrase.words, end: end) }
    }
    return nil
  }

  private static func isWhole(_ tokens: EnglishTokens, endingAt end: Int) -> Bool {
    if tokens.isWordOrDigits(at: end) { return false }
    let goesOn = tokens.isSymbol(in: ["/", "-", ".", ":", "+", "#"], at: end)
    return !(goesOn && (tokens.isWordOrDigits(at: end + 1) || tokens[end + 1].kind == .symbol))
  }

  private struct Phrase {
    let tokens: [String]
    let words: String
  }

  private static let byFirstToken: [String: [Phrase]] = {
    let phrases = words.map { written, words in
      let tokens = EnglishTokenizer.tokens(of: written)
      return Phrase(tokens: (0..<tokens.count).map { tokens[$0].text }, words: words)
    }
    return Dictionary(grouping: phrases) { $0.tokens[0] }
  }()

  private static let words = [
    "24/7": "twenty-four seven",
    "9/11": "nine eleven",
    "50/50": "fifty fifty",
    "50-50": "fifty fifty",
    "20-20": "twenty twenty",
    "80/20": "eighty twenty",
    "20/20": "twenty twenty",
    "401k": "four oh one k",
    "401(k)": "four oh one k",
    "and/or": "and or",
    "he/she": "he or she",
    "she/he": "she or he",
    "his/her": "his or her",
    "him/her": "him or her",
    "yes/no": "yes or no",
    "w/o": "without",
    "w/": "with",
    "c/o": "care of",
    "n/a": "not applicable",
    "N/A": "not applicable",
    "I/O": "I-O",
    "A/C": "A-C",
    "TCP/IP": "TCP IP",
    "C++": "C plus plus",
    "C#": "C sharp",
    "F#": "F sharp",
    "A+": "A-plus",
    "WWI": "World War One",
    "WWII": "World War Two",
    "WW1": "World War One",
    "WW2": "World War Two",
  ]
}
