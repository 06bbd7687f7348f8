import Models

/// After how many speech tokens a chunk's next samples are made.
///
/// A piece costs the decoder the voice's prompt again, so pieces grow: the first is heard soon, and each gives
/// time to make a larger one.
struct PieceSizes: Hashable, Sendable {
  /// Tokens of the next piece.
  private(set) var next: Int
  private let growth: Int

  /// All at once.
  static let whole = PieceSizes(next: .max, growth: 1)
  /// A quarter of a second, with what has to be known beyond it.
  static let first = PieceSizes(next: 14, growth: 3)
  /// For what follows on something that is still being heard.
  static let following = PieceSizes(next: 60, growth: 2)

  /// Tokens that are wanted in all after `count` have been taken.
  func wanted(after count: Int) -> Int { next == .max ? .max : count + next }

  mutating func grow() {
    guard next != .max else { return }
    // No piece looks further back.
    next = min(next * growth, S3GenStream.mostPastTokens)
  }
}
