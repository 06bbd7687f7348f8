/// Why an audio file could not be read.
package enum AudioFileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The bytes do not start as a WAV file does.
  case notWAV
  /// The file ends too early. Bytes.
  case truncated(expected: Int, found: Int)
  /// A chunk that every WAV file has is not there.
  case missingChunk(String)
  /// The file contradicts itself.
  case malformed(String)
  /// A proper WAV file of a kind that is not read here.
  case unsupported(String)
  /// A rate outside ``AudioBuffer/supportedSampleRates``, in Hz.
  case unsupportedSampleRate(Int)
  /// A sample that is NaN or infinite, or too large to represent; its position from the start.
  case notFinite(sample: Int)

  package var description: String {
    switch self {
    case .notWAV:
      return "The audio is not a WAV file: it must start with RIFF and WAVE."
    case .truncated(let expected, let found):
      return "The WAV file is cut short: \(expected) bytes were expected, \(found) are left."
    case .missingChunk(let name):
      return "The WAV file has no '\(name)' chunk."
    case .malformed(let reason):
      return "The WAV file is damaged: \(reason)."
    case .unsupported(let kind):
      return "The WAV file holds \(kind); use PCM of 8–32 bits or float of 32 or 64."
    case .unsupportedSampleRate(let rate):
      let range = AudioBuffer.supportedSampleRates
      return "The WAV file's rate of \(rate) Hz is not supported; "
        + "use \(range.lowerBound)–\(range.upperBound) Hz."
    case .notFinite(let sample):
      return "The WAV file is damaged: sample \(sample) is not a finite number."
    }
  }
}
