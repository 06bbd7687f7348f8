/// Why an inline tag cannot be used. The message says where the tag is, never what the text says.
package enum InlineTagError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The tag is a pause, but not a length of time. The offset counts characters from the start.
  case malformedPause(offset: Int)
  /// The pause is longer than is allowed.
  case pauseOutOfRange(seconds: Double, offset: Int)

  package var description: String {
    switch self {
    case .malformedPause(let offset):
      "The pause tag at character \(offset + 1) has no readable length. "
        + "Write [pause], [pause 400ms] or [pause 1.5s]."
    case .pauseOutOfRange(let seconds, let offset):
      "The pause tag at character \(offset + 1) asks for \(seconds) s. "
        + "A pause is 0 to \(Int(InlineTag.longestPause)) s; use several tags for a longer one."
    }
  }
}
