/// Why audio could not be resampled or stretched.
package enum AudioProcessingError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A rate outside ``AudioBuffer/supportedSampleRates``, in Hz.
  case unsupportedSampleRate(Int)
  /// A speed outside ``TimeStretcher/speeds``.
  case unsupportedSpeed(Double)
  /// The C library refused or ran out of memory; its own words.
  case libraryFailure(library: String, reason: String)

  package var description: String {
    switch self {
    case .unsupportedSampleRate(let rate):
      let range = AudioBuffer.supportedSampleRates
      return "A sample rate of \(rate) Hz is not supported; use \(range.lowerBound)–\(range.upperBound) Hz."
    case .unsupportedSpeed(let speed):
      let range = TimeStretcher.speeds
      return "A speed of \(speed) is not supported; use \(range.lowerBound)–\(range.upperBound)."
    case .libraryFailure(let library, let reason):
      return "\(library) failed: \(reason)."
    }
  }
}
