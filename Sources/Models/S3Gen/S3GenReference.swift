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
}

/// The noise that a mel starts from.
package enum S3GenNoise: Hashable, Sendable {
  /// Normal noise that equal seeds make equal.
  case seed(UInt64)
  /// Rows of 80 for all frames, the prompt's first.
  case values([Float])
}
