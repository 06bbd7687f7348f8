/// A piece of a text with inline tags.
package enum TextSegment: Hashable, Sendable {
  /// Words to speak.
  case speech(String)
  /// Exact silence, in seconds.
  case pause(seconds: Double)
  /// A sound that is not a word, in the model's own spelling: `[laugh]`.
  case paralinguistic(String)
}
