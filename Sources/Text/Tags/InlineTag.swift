/// Something in square brackets that a text asks for besides words: `[pause 400ms]`, `[laugh]`.
///
/// Other bracketed text, such as `[1]` or `[sic]`, is no tag and stays in the speech.
package enum InlineTag: Hashable, Sendable {
  /// Silence, in seconds.
  case pause(seconds: Double)
  /// A sound of Chatterbox Turbo.
  case paralinguistic(ParalinguisticTag)

  /// What `[pause]` alone means, in seconds.
  package static let defaultPause = 0.5
  /// The longest pause that one tag may ask for, in seconds.
  package static let longestPause = 60.0

  /// What was wrong with a pause, before it is known where it stands.
  enum Fault: Error {
    case malformed
    case outOfRange(seconds: Double)
  }

  /// Reads what stands between the brackets; `nil` when it is no tag.
  init?(content: Substring) throws(Fault) {
    let words = content.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let name = words.prefix(while: \.isLetter)
    if name == "pause" {
      self = .pause(seconds: try Self.seconds(in: words[name.endIndex...]))
    } else if let tag = ParalinguisticTag(spelling: words) {
      self = .paralinguistic(tag)
    } else {
      return nil
    }
  }

  /// Reads `400ms` or `1.5 s`; nothing at all is the default.
  private static func seconds(in length: Substring) throws(Fault) -> Double {
    if length.isEmpty { return defaultPause }
    let number = length.prefix { !$0.isLetter }
    let unit = length[number.endIndex...]
    let digits = number.split(separator: " ")
    guard digits.count == 1, let value = Double(digits[0]), unit == "ms" || unit == "s" else {
      throw .malformed
    }
    let seconds = unit == "ms" ? value / 1000 : value
    guard (0...longestPause).contains(seconds) else { throw .outOfRange(seconds: seconds) }
    return seconds
  }
}
