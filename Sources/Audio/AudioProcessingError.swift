/// Why audio could not be resampled or stretched.
package enum AudioProcessingError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A rate outside ``AudioBuffer/supportedSampleRates``, in Hz.
  case unsupportedSampleRate(Int)
  /// Two rates whose ratio needs too large a filter, in Hz.
  case unsupportedRatio(from: Int, to: Int)
  /// A speed outside ``TimeStretcher/speeds``.
  case unsupportedSpeed(Double)
  /// The C library refused or ran out of memory; its own words.
  case libraryFailure(library: String, reason: String)

  package var description: String {
    switch self {
    case .unsupportedSampleRate(let rate):
      let range = AudioBuffer.supportedSampleRates
      return "A sample rate of \(rate) Hz is not supported; use \(range.lowerBound)–\(range.upperBound) Hz."
    case .unsupportedRatio(let inputRate, let outputRate):
      return
        "Resampling \(inputRate) Hz to \(outputRate) Hz is not supported; use a usual rate such as 24000 Hz."
    case .unsupportedSpeed(let speed):
      let range = TimeStretcher.speeds
      return "A speed of \(speed) is not supported; use \(range.lowerBound)–\(range.upperBound)."
    case .libraryFailure(let library, let reason):
      return "\(library) failed: \(reason)."
    }
  }
}
