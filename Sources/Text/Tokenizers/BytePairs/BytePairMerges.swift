/// The merges of byte pair encoding: two tokens that stand side by side become one, the earliest learnt
/// pair first and the leftmost of equals.
///
/// A heap of candidates keeps a word of n symbols at O(n log n), whatever it is.
/// Source: `Word::merge_all` in the `tokenizers` library.
struct BytePairMerges: Sendable {
  private struct Merge: Sendable {
    let rank: UInt32
    let result: Int32
  }

  private var merges: [UInt64: Merge] = [:]

  /// - Parameter pairs: The merges in the order they were learnt, each with the key that an error names.
  init(
    _ pairs: [(left: [UInt8], right: [UInt8], key: String)], vocabulary: Vocabulary, file: String
  ) throws(TokenizerError) {
    merges.reserveCapacity(pairs.count)
    for (rank, pair) in pairs.enumerated() {
      guard let left = vocabulary[pair.left], let right = vocabulary[pair.right],
        let result = vocabulary[pair.left + pair.right]
      else {
        throw .invalid(
          file: file, key: pair.key, expected: "two tokens of the vocabulary that make a third one")
      }
      merges[Self.key(left, right)] = Merge(rank: UInt32(rank), result: result)
    }
  }

  private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
  }

  /// Merges the tokens of one word as far as they go.
  func merged(_ symbols: [Int32]) -> [Int32] {
    guard symbols.count > 1 else { return symbols }
    var word = MergingWord(symbols)
    var candidates = Heap()
    for position in 0..<symbols.count - 1 { consider(position, of: word, &candidates) }
    while let candidate = candidates.removeFirst() {
      let position = Int(candidate.position)
      guard let right = word.next(after: position),
        merges[Self.key(word.symbols[position], word.symbols[right])]?.result == candidate.result
      else { continue }
      word.merge(position, with: right, into: candidate.result)
      if let previous = word.previous(before: position) { consider(previous, of: word, &candidates) }
      consider(position, of: word, &candidates)
    }
    return word.symbols.filter { $0 >= 0 }
  }

  private func consider(_ position: Int, of word: MergingWord, _ candidates: inout Heap) {
    guard let right = word.next(after: position),
      let merge = merges[Self.key(word.symbols[position], word.symbols[right])]
    else { return }
    candidates.insert(Candidate(rank: merge.rank, position: UInt32(position), result: merge.result))
  }
}

/// A word in the making: a linked list in three arrays.
private struct MergingWord {
  /// The token that begins at a place; -1 where the one before has swallowed it.
  private(set) var symbols: [Int32]
  private var nexts: [Int32]
  private var previouses: [Int32]

  init(_ symbols: [Int32]) {
    self.symbols = symbols
    nexts = (0..<symbols.count).map { Int32($0) + 1 }
    nexts[symbols.count - 1] = -1
    previouses = (0..<symbols.count).map { Int32($0) - 1 }
  }

  /// Where the token after the one at a place begins; `nil` at the end, and where no token begins.
  func next(after position: Int) -> Int? {
    symbols[position] >= 0 && nexts[position] >= 0 ? Int(nexts[position]) : nil
  }

  func previous(before position: Int) -> Int? {
    previouses[position] >= 0 ? Int(previouses[position]) : nil
  }

  mutating func merge(_ position: Int, with right: Int, into result: Int32) {
    symbols[position] = result
    symbols[right] = -1
    nexts[position] = nexts[right]
    if nexts[right] >= 0 { previouses[Int(nexts[right])] = Int32(position) }
  }
}

/// A merge that may be made at a place, as long as nothing has changed there.
private struct Candidate {
  let rank: UInt32
  let position: UInt32
  let result: Int32

  static func < (left: Candidate, right: Candidate) -> Bool {
    (left.rank, left.position) < (right.rank, right.position)
  }
}

/// A binary heap with the smallest candidate on top.
private struct Heap {
  private var items: [Candidate] = []

  mutating func insert(_ item: Candidate) {
    items.append(item)
    var child = items.count - 1
    while child > 0, items[child] < items[(child - 1) / 2] {
      items.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func removeFirst() -> Candidate? {
    guard let last = items.popLast() else { return nil }
    guard let first = items.first else { return last }
    items[0] = last
    var parent = 0
    while 2 * parent + 1 < items.count {
      var child = 2 * parent + 1
      if child + 1 < items.count, items[child + 1] < items[child] { child += 1 }
      guard items[child] < items[parent] else { break }
      items.swapAt(child, parent)
      parent = child
    }
    return first
  }
}
