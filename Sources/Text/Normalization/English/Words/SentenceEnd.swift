/// Tells the full stop of an abbreviation that also ends its sentence from one that does not.
enum SentenceEnd {
  /// Whether the stop before `index` ends a sentence: nothing follows, or a word that opens one.
  static func isReached(in tokens: EnglishTokens, at index: Int) -> Bool {
    var next = index
    while tokens.isSymbol(in: ["\"", "'", ")", "]"], at: next) { next += 1 }
    let gap = tokens[next]
    if gap.kind == .edge { return true }
    guard gap.kind == .space else { return false }
    if gap.text != " " { return true }
    next += 1
    if tokens.isSymbol(in: ["\"", "'"], at: next) { next += 1 }
    return tokens.word(at: next).map(openers.contains) ?? false
  }

  /// Words that open sentences and, with their capital, rarely stand inside one.
  private static let openers: Set<String> = [
    "The", "A", "An", "He", "She", "It", "We", "They", "You", "I", "I'm", "I've", "I'll", "It's", "He's",
    "She's", "We're", "They're", "You're", "That's", "There's", "Let's", "Don't", "This", "That", "These",
    "Those", "There", "Here", "In", "On", "At", "If", "When", "While", "After", "Before", "But", "And",
    "So", "Or", "Then", "Now", "However", "My", "His", "Her", "Our", "Their", "Its", "Your", "What",
    "Who", "Where", "Why", "How", "Which", "As", "For", "From", "Not", "No", "Yes", "All", "Some", "Most",
    "Many", "Each", "Every", "Meanwhile", "Although", "Because", "Since", "With", "Without", "By", "To",
    "Is", "Are", "Was", "Were", "Do", "Does", "Did", "Can", "Could", "Will", "Would", "Should", "Please",
    "Later", "Once",
  ]
}
