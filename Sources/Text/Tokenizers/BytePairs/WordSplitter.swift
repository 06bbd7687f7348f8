/// Splits text into what byte pair encoding works on: merges never cross a split.
enum WordSplitter: Sendable {
  /// Runs of word characters and runs of everything else but white space, which is lost: `\w+|[^\w\s]+`.
  case words
  /// GPT-2's words, each with the space before it:
  /// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`.
  case gpt2

  /// The words of a part of a text, in order.
  func words(of text: [Unicode.Scalar], in range: Range<Int>) -> [Range<Int>] {
    var words: [Range<Int>] = []
    var position = range.lowerBound
    while position < range.upperBound {
      let rest = text[position..<range.upperBound]
      switch self {
      case .words:
        let isWord = rest[position].isRegexWord
        if !isWord, rest[position].isSpace {
          position += 1
          continue
        }
        let end = rest.firstIndex { $0.isRegexWord != isWord || (!isWord && $0.isSpace) }
        words.append(position..<(end ?? rest.endIndex))
      case .gpt2:
        words.append(position..<Self.endOfGPT2Word(in: rest))
      }
      position = words.last?.upperBound ?? rest.endIndex
    }
    return words
  }

  private static let contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"].map {
    Array($0.unicodeScalars)
  }

  private static func endOfGPT2Word(in text: ArraySlice<Unicode.Scalar>) -> Int {
    let start = text.startIndex
    if text[start] == "'", let contraction = contractions.first(where: { text.starts(with: $0) }) {
      return start + contraction.count
    }
    let first = text[start] == " " && start + 1 < text.endIndex ? start + 1 : start
    let kind = GPT2Kind(text[first])
    let end = text[first...].firstIndex { GPT2Kind($0) != kind } ?? text.endIndex
    // The last white space before a word is left for that word; a lone one is a word of its own.
    return kind != .space || end == text.endIndex || end - start == 1 ? end : end - 1
  }
}

private enum GPT2Kind {
  case letter, number, space, other

  init(_ scalar: Unicode.Scalar) {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: self = .letter
    case .decimalNumber, .letterNumber, .otherNumber: self = .number
    default: self = scalar.isSpace ? .space : .other
    }
  }
}

extension Unicode.Scalar {
  /// What `\w` of Unicode's regular expressions (UTS 18) matches.
  var isRegexWord: Bool {
    if isASCII { return isWordPart || self == "_" }
    if properties.isAlphabetic || properties.isJoinControl { return true }
    switch properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation: return true
    default: return false
    }
  }
}
