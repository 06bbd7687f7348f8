package import Tensor

/// Why T3 does not speak a text.
package enum T3Error: Error, Hashable, Sendable, CustomStringConvertible {
  /// The device failed.
  case device(TensorError)
  /// A text without tokens.
  case emptyText
  /// A text of more tokens than the model has positions for.
  case textTooLong(tokens: Int, limit: Int)
  /// A token that the model does not have.
  case unknownToken(Int32, vocabulary: Int)
  /// A voice's prompt of more speech tokens than the model has positions for.
  case promptTooLong(tokens: Int, limit: Int)
  /// A speaker embedding of another size, or with values that are not numbers.
  case badSpeakerEmbedding(elements: Int, expected: Int)
  /// Other speeches take too many of the positions that there is memory for.
  case noRoom(positions: Int, free: Int)
  /// A sampling parameter outside its range.
  case badParameter(name: String, value: Float, expected: String)

  /// What was wrong, what was expected, and what to do.
  package var description: String {
    switch self {
    case .device(let error): error.description
    case .emptyText: "The text has no tokens. Give it at least one letter or digit."
    case .textTooLong(let tokens, let limit):
      "The text has \(tokens) tokens, and this model takes at most \(limit) at once. Split it."
    case .unknownToken(let token, let vocabulary):
      "There is no token \(token): this model's are 0 to \(vocabulary - 1). Its tokenizer is another model's."
    case .promptTooLong(let tokens, let limit):
      "The voice's prompt has \(tokens) speech tokens, and this model takes at most \(limit)."
    case .badSpeakerEmbedding(let elements, let expected):
      "The voice's embedding has \(elements) elements, where \(expected) finite ones are expected."
    case .noRoom(let positions, let free):
      "The speech needs \(positions) positions, and \(free) are free while others speak. Try again later."
    case .badParameter(let name, let value, let expected):
      "\(name) is \(value), where \(expected) is expected."
    }
  }
}
