/// Why a voice cannot be cloned from a recording.
package enum ReferenceAudioError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Too short altogether. Seconds.
  case tooShort(seconds: Double, shortest: Double)
  /// Long enough, but most of it is silence: too little between the first and the last sound. Seconds.
  case tooLittleSound(seconds: Double, shortest: Double)
  /// Nothing audible. The level is the RMS of all samples; full scale is 1.
  case silent(rms: Float)
  /// Overdriven: the share of samples at full scale, 0…1.
  case clipped(share: Double)

  package var description: String {
    switch self {
    case .tooShort(let seconds, let shortest):
      "The reference audio is too short: \(Self.rounded(seconds)) s, "
        + "where more than \(Self.rounded(shortest)) s are needed. Use a longer recording of the voice."
    case .tooLittleSound(let seconds, let shortest):
      "The reference audio is nearly all silence: it holds \(Self.rounded(seconds)) s of sound, "
        + "where at least \(Self.rounded(shortest)) s are needed. Use a recording with more speech."
    case .silent(let rms):
      "The reference audio is silent (RMS \(rms)). Use a recording in which the voice can be heard."
    case .clipped(let share):
      "The reference audio is overdriven: \(Self.rounded(share * 100)) % of it is at full scale. "
        + "Record it again at a lower level; turning this recording down does not help."
    }
  }

  private static func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
}
