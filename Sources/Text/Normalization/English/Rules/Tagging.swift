/// Hashtags and handles: `#ThrowbackThursday`, `@jane_doe`.
enum Tagging {
  static func rewrite(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    switch tokens[index].text {
    case "@": return Rewrite(words: "at", end: index + 1)
    case "#": break
    default: return nil
    }
    if tokens.startsExpression(at: index), let word = tokens.word(at: index + 1) {
      return Rewrite(words: "hashtag " + splitCamelCase(word), end: index + 2)
    }
    let isSpaced = tokens.isGap(at: index - 1) && tokens.isBlank(at: index + 1)
    return Rewrite(words: isSpaced ? "number" : "", end: index + 1)
  }

  /// `ThrowbackThursday` is two words.
  private static func splitCamelCase(_ word: String) -> String {
    var words = ""
    var lastIsSmall = false
    for scalar in word.unicodeScalars {
      if lastIsSmall && scalar.properties.isUppercase { words += " " }
      words.unicodeScalars.append(scalar)
      lastIsSmall = scalar.properties.isLowercase
    }
    return words
  }
}
