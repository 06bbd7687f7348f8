/// A text on its way to speech tokens, which ``T3/next(_:)`` makes one by one.
///
/// Not `Sendable`: it belongs to its ``T3``'s owner.
package final class T3Generation {
  /// The sequence, and with guidance a second one without the text.
  let sequences: [T3Sequence]
  var sampler: TokenSampler
  var analyzer: AlignmentAnalyzer?
  var guardian: RepetitionGuard?
  /// Tokens so far, without the start token.
  package internal(set) var tokens: [Int32] = []
  /// What the last token was chosen from: the network's logits, a row a sequence, before guidance.
  package internal(set) var logits: [[Float]] = []
  /// What the next token is chosen from; `nil` before it is computed.
  var pass: T3Pass?
  /// Whether the speech has ended, with a stop token or at its longest.
  package internal(set) var isFinished = false
  /// The most tokens.
  let limit: Int
  /// How many rows of a pass it takes: two with guidance.
  package var rows: Int { sequences.count }

  init(
    sequences: [T3Sequence], sampler: TokenSampler, analyzer: AlignmentAnalyzer?,
    guardian: RepetitionGuard?, limit: Int
  ) {
    (self.sequences, self.sampler, self.analyzer) = (sequences, sampler, analyzer)
    (self.guardian, self.limit) = (guardian, limit)
  }
}
