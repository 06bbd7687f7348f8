/// Phonemes in parts of a bounded length, cut between words: attention's memory grows with its square.
struct PhonemeParts: Sequence, IteratorProtocol {
  static let longest = 500
  private var rest: Substring

  init(_ phonemes: String) {
    rest = phonemes[...]
  }

  mutating func next() -> String? {
    rest = rest.drop { $0 == " " }
    guard !rest.isEmpty else { return nil }
    let most = rest.prefix(Self.longest)
    let isLast = most.endIndex == rest.endIndex
    let end = isLast ? most.endIndex : most.lastIndex(of: " ") ?? most.endIndex
    defer { rest = rest[end...] }
    return String(rest[..<end])
  }
}
