/// An attention head, counted from 0.
package struct AlignedHead: Hashable, Sendable {
  let layer: Int
  let head: Int

  /// Creates a head's place.
  package init(layer: Int, head: Int) {
    (self.layer, self.head) = (layer, head)
  }

  /// The heads of the official multilingual models that follow the text as it is spoken.
  package static let official = [
    AlignedHead(layer: 12, head: 15), AlignedHead(layer: 13, head: 11), AlignedHead(layer: 9, head: 2),
  ]
}

/// Watches how speech moves along its text, and ends it when it has lost its way.
///
/// Source: `AlignmentStreamAnalyzer` in the reference's `alignment_stream_analyzer.py`, whose every rule is
/// kept; what it computes and never uses is not.
struct AlignmentAnalyzer: Sendable {
  private static let refusal: Float = -32768

  /// The positions of the text in the sequence.
  let text: Range<Int>
  let stopToken: Int

  /// Attention to the text, a row a frame.
  private var rows: [[Float]] = []
  private var frame = 0
  private var textPosition = 0
  private var isComplete = false
  private var completedAt = 0
  private var lastTokens: [Int32] = []

  init(text: Range<Int>, stopToken: Int32) {
    (self.text, self.stopToken) = (text, Int(stopToken))
  }

  /// Looks at a pass, and changes the logits of its token: holds the stop token back while text is left,
  /// makes it the only one when the speech lingers, goes back or stammers.
  ///
  /// - Parameters:
  ///   - logits: the guided logits.
  ///   - pass: the pass that they come from; the first one's last two rows are the start tokens.
  ///   - token: the token before, the start token at first.
  mutating func check(_ logits: inout [Float], _ pass: T3Pass, after token: Int32) {
    let newest = take(pass)
    let count = text.count
    let position = newest.indices.max { newest[$0] < newest[$1] } ?? 0
    if (-3..<7).contains(position - textPosition) { textPosition = position }
    if !isComplete, textPosition >= count - 3 {
      isComplete = true
      completedAt = rows.count
    }
    lastTokens = (lastTokens + [token]).suffix(8)

    if position < count - 3, count > 5 { logits[stopToken] = Self.refusal }
    if isLingering || isGoingBack || isStammering {
      logits = [Float](repeating: Self.refusal, count: logits.count)
      logits[stopToken] = -Self.refusal
    }
    frame += 1
  }

  /// Keeps a pass's attention to the text, averaged over the heads; the last row.
  private mutating func take(_ pass: T3Pass) -> [Float] {
    let rowCount = pass.alignments[0].count / pass.keys
    // The first pass's rows are the text's own, and then the start tokens'.
    let first = frame == 0 ? min(text.count, rowCount - 1) : 0
    for row in first..<rowCount {
      rows.append(
        text.indices.map { key in
          // Text further ahead than there were frames cannot be spoken yet.
          guard key - text.lowerBound <= frame else { return 0 }
          return pass.alignments.reduce(0) { $0 + $1[row * pass.keys + key] } / Float(pass.alignments.count)
        })
    }
    return rows[rows.count - 1]
  }

  /// Whether one of the last three text tokens has been attended to for too long.
  private var isLingering: Bool {
    isComplete
      && (max(0, text.count - 3)..<text.count).contains { column in
        rows[completedAt...].reduce(0) { $0 + $1[column] } >= 5
      }
  }

  /// Whether, after the end, text long past is attended to again.
  private var isGoingBack: Bool {
    isComplete
      && rows[completedAt...].reduce(0) { $0 + ($1.dropLast(5).max() ?? 0) } > 5
  }

  /// Whether a token has come twice in a row.
  private var isStammering: Bool {
    lastTokens.count >= 3 && lastTokens[lastTokens.count - 1] == lastTokens[lastTokens.count - 2]
  }
}
