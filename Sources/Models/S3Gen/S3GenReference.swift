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

extension S3GenReference {
  /// The voice with the end of its recording alone, which makes speech sooner and less like the voice.
  ///
  /// - Parameters:
  ///   - seconds: how much to keep at most.
  ///   - channels: values in a row of the mel.
  package func shortened(to seconds: Double, channels: Int = 80) -> S3GenReference {
    let tokens = max(1, Int(seconds * 25))
    guard tokens < promptTokens.count else { return self }
    let rows = UpsampleConformerEncoder.frames * tokens
    guard rows * channels < promptMel.count else { return self }
    var shortened = self
    shortened.promptTokens = Array(promptTokens.suffix(tokens))
    shortened.promptMel = Array(promptMel.suffix(rows * channels))
    return shortened
  }
}

/// The noise that a mel starts from.
package enum S3GenNoise: Hashable, Sendable {
  /// Normal noise that equal seeds make equal.
  case seed(UInt64)
  /// Rows of 80 for all frames, the prompt's first.
  case values([Float])
}
