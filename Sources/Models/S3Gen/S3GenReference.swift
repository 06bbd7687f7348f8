/// The voice that S3Gen speaks in: `gen` of a reference's `conds.pt`.
package struct S3GenReference: Hashable, Sendable {
  /// What the voice says in its recording, 25 tokens a second.
  package var promptTokens: [Int32]
  /// The same as a mel in rows of 80, two for each token.
  package var promptMel: [Float]
  /// CAMPPlus's x-vector, 192 elements of any length.
  package var speakerEmbedding: [Float]

  package init(promptTokens: [Int32], promptMel: [Float], speakerEmbedding: [Float]) {
    self.promptTokens = promptTokens
    self.promptMel = promptMel
    self.speakerEmbedding = speakerEmbedding
  }

  /// The same speaker with the last `seconds` of the recording alone, which the text follows on.
  ///
  /// The flow computes the prompt's frames with those of every text: after 10 s of it, a sentence of 1 s costs
  /// two thirds of one of 5 s. With less of it the first sound comes sooner, and the flow knows less of how
  /// the voice sounds: that is for ears to judge. The reference takes 10 s.
  ///
  /// - Parameter seconds: rounded to whole tokens of 40 ms; the prompt is left out at 0 and stays as it is
  ///   where it is no longer.
  package func shortened(to seconds: Double) -> S3GenReference {
    guard !seconds.isNaN else { return self }
    let kept = max(0, min(seconds * Self.tokensPerSecond, Double(promptTokens.count)))
    let dropped = promptTokens.count - Int(kept.rounded())
    var shorter = self
    shorter.promptTokens.removeFirst(dropped)
    shorter.promptMel.removeFirst(min(promptMel.count, dropped * Self.valuesPerToken))
    if shorter.promptTokens.isEmpty { shorter.promptMel = [] }
    return shorter
  }

  private static let tokensPerSecond = 25.0
  private static let valuesPerToken = 2 * 80
}

/// The noise that a mel starts from.
package enum S3GenNoise: Hashable, Sendable {
  /// Normal noise that equal seeds make equal.
  case seed(UInt64)
  /// Rows of 80 for all frames, the prompt's first.
  case values([Float])
}
