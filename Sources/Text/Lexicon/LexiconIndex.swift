/// Finds the longest entry that begins at a place in a text: a tree of letters.
///
/// Looking up takes one step a letter, however many entries there are.
struct LexiconIndex: Sendable {
  struct Match {
    let pronunciation: Pronunciation
    let end: String.Index
  }

  private struct Step: Hashable {
    let node: Int
    let letter: String
  }

  private struct Leaf {
    var inAnyCase: Pronunciation?
    /// By the word as written, for entries with capitals.
    var exactly: [String: Pronunciation] = [:]
  }

  private let folding: LetterFolding
  private let boundary: WordBoundary
  private var nodes: [Step: Int] = [:]
  private var leaves: [Int: Leaf] = [:]

  init(language: Language) {
    folding = LetterFolding(language: language)
    boundary = WordBoundary(language: language)
  }

  mutating func insert(_ pronunciation: Pronunciation, for word: String) {
    var node = 0
    for character in word {
      let step = Step(node: node, letter: folding.fold(character))
      let next = nodes[step] ?? nodes.count + 1
      nodes[step] = next
      node = next
    }
    if word.contains(where: \.isUppercase) {
      leaves[node, default: Leaf()].exactly[word.plain] = pronunciation
    } else {
      leaves[node, default: Leaf()].inAnyCase = pronunciation
    }
  }

  /// The longest entry that a text begins with, as a whole word.
  /// - Parameters:
  ///   - previous: The character before the text.
  ///   - withIPA: Whether entries whose pronunciation is IPA count.
  func match(in text: Substring, after previous: Character?, withIPA: Bool) -> Match? {
    guard let first = text.first, boundary.isStart(of: first, after: previous) else { return nil }
    var match: Match?
    var node = 0
    var index = text.startIndex
    while index < text.endIndex {
      let character = text[index]
      guard let next = nodes[Step(node: node, letter: folding.fold(character))] else { break }
      node = next
      text.formIndex(after: &index)
      if character.isWhitespace { index = text[index...].firstIndex { !$0.isWhitespace } ?? text.endIndex }
      guard let leaf = leaves[node], boundary.isEnd(of: character, before: text[index...]) else { continue }
      let exact = leaf.exactly.isEmpty ? nil : leaf.exactly[String(text[..<index]).plain]
      if let pronunciation = exact ?? leaf.inAnyCase, withIPA || !pronunciation.isIPA {
        match = Match(pronunciation: pronunciation, end: index)
      }
    }
    return match
  }
}
