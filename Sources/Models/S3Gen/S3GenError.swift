package import Tensor

/// Why S3Gen does not make a mel of speech tokens.
package enum S3GenError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The device failed.
  case device(TensorError)
  /// No speech tokens.
  case noTokens
  /// A token that the model does not have.
  case unknownToken(Int32, vocabulary: Int)
  /// A prompt's mel that is not two rows of `channels` finite values a token.
  case badPromptMel(values: Int, tokens: Int, channels: Int)
  /// A speaker embedding of another size, or with values that are not numbers.
  case badSpeakerEmbedding(elements: Int, expected: Int)
  /// Less noise than the mel has, the prompt's part included.
  case badNoise(values: Int, expected: Int)
  /// Fewer steps than one.
  case badSteps(Int)
  /// Tokens after those that a stream was told were its last.
  case streamEnded

  /// What was wrong, what was expected, and what to do.
  package var description: String {
    switch self {
    case .device(let error): error.description
    case .noTokens: "There are no speech tokens to make a mel of."
    case .unknownToken(let token, let vocabulary):
      "There is no speech token \(token): S3Gen's are 0 to \(vocabulary - 1). Leave out start and stop tokens."
    case .badPromptMel(let values, let tokens, let channels):
      "The voice's prompt mel has \(values) values, where about \(2 * tokens * channels) finite ones are "
        + "expected: 2 rows of \(channels) for each of \(tokens) tokens."
    case .badSpeakerEmbedding(let elements, let expected):
      "The voice's speaker embedding has \(elements) elements, where \(expected) finite ones are expected."
    case .badNoise(let values, let expected):
      "The noise has \(values) values, where \(expected) are expected: the whole mel, its prompt included."
    case .badSteps(let steps): "The flow takes at least one step, not \(steps)."
    case .streamEnded: "The text has ended: begin another stream for another text."
    }
  }
}
