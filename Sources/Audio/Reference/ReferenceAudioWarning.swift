/// What is not good about a recording that a voice is cloned from all the same.
package enum ReferenceAudioWarning: Hashable, Sendable, CustomStringConvertible {
  /// Shorter than what makes a good likeness. Seconds.
  case short(seconds: Double, advised: Double)
  /// Only the start is used. Seconds.
  case trimmed(seconds: Double, used: Double)
  /// Overdriven in places: the share of samples at full scale, 0…1.
  case clipped(share: Double)

  package var description: String {
    switch self {
    case .short(let seconds, let advised):
      "The reference audio is short (\(Self.rounded(seconds)) s): "
        + "the voice will be more alike from \(Self.rounded(advised)) s on."
    case .trimmed(let seconds, let used):
      "Of the reference audio's \(Self.rounded(seconds)) s the first \(Self.rounded(used)) s are used."
    case .clipped(let share):
      "The reference audio is overdriven in places (\(Self.rounded(share * 100)) % of it)."
    }
  }

  private static func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
}
