/// Why a piece of audio may not leave. The message never holds the text that was spoken.
package enum AudioCheckError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A sample that is NaN or infinite; its position from the start.
  case notFinite(sample: Int)
  /// A sample far outside −1…1; its position from the start.
  case outOfRange(sample: Int, value: Float)
  /// Nothing audible, where speech was expected. The level is the RMS of all samples; full scale is 1.
  case silent(rms: Float)
  /// One value throughout; the value.
  case constant(value: Float)
  /// Longer than the text can take to say. Seconds.
  case tooLong(seconds: Double, longest: Double)
  /// Shorter than the text can be said in. Seconds.
  case tooShort(seconds: Double, shortest: Double)

  package var description: String {
    switch self {
    case .notFinite(let sample):
      "The audio is damaged: sample \(sample) is not a finite number."
    case .outOfRange(let sample, let value):
      "The audio is damaged: sample \(sample) is \(value), far outside −1…1."
    case .silent(let rms):
      "The audio is silent (RMS \(rms)) where speech was expected."
    case .constant(let value):
      "The audio holds no sound, only the constant \(value)."
    case .tooLong(let seconds, let longest):
      "The audio is too long for its text: \(seconds) s so far, expected at most \(longest) s."
    case .tooShort(let seconds, let shortest):
      "The audio is too short for its text: \(seconds) s, expected at least \(shortest) s."
    }
  }
}
