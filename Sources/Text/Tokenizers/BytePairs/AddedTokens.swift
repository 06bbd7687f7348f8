/// A token that is found in the text before anything else: `[SPACE]`, `[laugh]`, `<|endoftext|>`.
struct AddedToken: Sendable {
  let content: [Unicode.Scalar]
  let id: Int32
  /// Swallows the white space before it.
  var stripsLeft = false
  /// Swallows the white space after it.
  var stripsRight = false
  /// Counts only where no word character touches it.
  var isSingleWord = false
  /// Is looked for after all that are not: the text would be normalised in between.
  var isNormalized = false
}

/// Finds added tokens in a text.
///
/// Source: `AddedVocabulary` in the `tokenizers` library.
struct AddedTokens: Sendable {
  /// A part of a text: an added token, or text that has none.
  enum Part: Hashable, Sendable {
    case token(Int32)
    case text(Range<Int>)
  }

  private let first: Matcher
  private let second: Matcher

  init(_ tokens: [AddedToken]) {
    first = Matcher(tokens.filter { !$0.isNormalized })
    second = Matcher(tokens.filter(\.isNormalized))
  }

  func parts(of text: [Unicode.Scalar]) -> [Part] {
    first.parts(of: text, in: 0..<text.count).flatMap { part in
      switch part {
      case .token: [part]
      case .text(let range): second.parts(of: text, in: range)
      }
    }
  }
}

extension AddedTokens {
  /// Finds the longest token at each place, from left to right, in a tree of scalars.
  private struct Matcher: Sendable {
    private let tokens: [AddedToken]
    /// Where a scalar leads from a node; the key is the node and the scalar.
    private var children: [UInt64: Int] = [:]
    /// The token that ends at a node.
    private var ends: [Int: Int] = [:]

    init(_ tokens: [AddedToken]) {
      self.tokens = tokens
      for (index, token) in tokens.enumerated() where !token.content.isEmpty {
        var node = 0
        for scalar in token.content {
          let key = Self.key(node, scalar)
          node = children[key] ?? children.count + 1
          children[key] = node
        }
        ends[node] = index
      }
    }

    private static func key(_ node: Int, _ scalar: Unicode.Scalar) -> UInt64 {
      UInt64(node) << 21 | UInt64(scalar.value)
    }

    private func longestMatch(
      at start: Int, of text: [Unicode.Scalar], before limit: Int
    ) -> (token: AddedToken, end: Int)? {
      var node = 0
      var position = start
      var match: (token: AddedToken, end: Int)?
      while position < limit, let child = children[Self.key(node, text[position])] {
        node = child
        position += 1
        if let index = ends[node] { match = (tokens[index], position) }
      }
      return match
    }

    func parts(of text: [Unicode.Scalar], in range: Range<Int>) -> [Part] {
      var parts: [Part] = []
      var done = range.lowerBound
      var position = range.lowerBound
      while position < range.upperBound {
        guard let (token, end) = longestMatch(at: position, of: text, before: range.upperBound) else {
          position += 1
          continue
        }
        if !token.isSingleWord || standsAlone(position..<end, in: range, of: text) {
          let from = token.stripsLeft ? spaceStart(before: position, notBefore: done, of: text) : position
          if done < from { parts.append(.text(done..<from)) }
          parts.append(.token(token.id))
          done = token.stripsRight ? spaceEnd(after: end, notAfter: range.upperBound, of: text) : end
        }
        position = end
      }
      if done < range.upperBound { parts.append(.text(done..<range.upperBound)) }
      return parts
    }

    private func standsAlone(_ token: Range<Int>, in range: Range<Int>, of text: [Unicode.Scalar]) -> Bool {
      (token.lowerBound == range.lowerBound || !text[token.lowerBound - 1].isRegexWord)
        && (token.upperBound == range.upperBound || !text[token.upperBound].isRegexWord)
    }

    private func spaceStart(before position: Int, notBefore limit: Int, of text: [Unicode.Scalar]) -> Int {
      var start = position
      while start > limit, text[start - 1].isSpace { start -= 1 }
      return start
    }

    private func spaceEnd(after position: Int, notAfter limit: Int, of text: [Unicode.Scalar]) -> Int {
      var end = position
      while end < limit, text[end].isSpace { end += 1 }
      return end
    }
  }
}
