/// Ends a speech that goes round in circles, which sampling with a repetition penalty seldom does.
///
/// Ours, not the reference's. A cycle of up to ``longestCycle`` tokens (0.32 s) that has come again and
/// again for ``bound`` tokens (4 s) without one exception is no speech: silence is held shorter, and even a
/// drawn-out vowel varies in its tokens. Up to there it changes nothing.
struct RepetitionGuard: Sendable {
  static let longestCycle = 8
  static let bound = 100

  /// How many tokens in a row have equalled the one a cycle before, by the cycle's length less one.
  private var runs = [Int](repeating: 0, count: longestCycle)

  /// Takes in the token that has just been added; whether the speech should end.
  mutating func isCircling(_ tokens: [Int32]) -> Bool {
    guard let last = tokens.last else { return false }
    for cycle in 1...Self.longestCycle {
      let equals = tokens.count > cycle && tokens[tokens.count - 1 - cycle] == last
      runs[cycle - 1] = equals ? runs[cycle - 1] + 1 : 0
    }
    return runs.contains { $0 >= Self.bound }
  }
}
