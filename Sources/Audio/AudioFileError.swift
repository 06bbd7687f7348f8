/// Why an audio file could not be read.
package enum AudioFileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The bytes do not start as a WAV file does.
  case notWAV
  /// The bytes start as no file does that is read here.
  case notAudio
  /// A larger file than is allowed; the limit in bytes.
  case tooLarge(limit: Int)
  /// Longer audio than is allowed; the limit in seconds.
  case tooLong(limit: Double)
  /// More samples, those of all channels together, than are allowed.
  case tooManySamples(limit: Int)
  /// The file starts as its format does, but does not go on so.
  case unreadable(format: String)
  /// The file holds less audio than it says.
  case endsEarly(format: String)
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
    case .notAudio:
      return "The file is not audio of a kind that is read here: use \(AudioFileReader.formats)."
    case .tooLarge(let limit):
      return "The audio file is larger than \(limit >> 20) MiB, the most that is read: use a shorter piece."
    case .tooLong(let limit):
      return "The audio is longer than \(limit) s, the most that is read: use a shorter piece."
    case .tooManySamples(let limit):
      return "The audio holds more than \(limit) samples, the most that is read: "
        + "use a shorter piece, a lower rate or fewer channels."
    case .unreadable(let format):
      return "The \(format) file is damaged and cannot be decoded: export it again, or use WAV."
    case .endsEarly(let format):
      return "The \(format) file is cut short: it holds less audio than it says. Upload or export it again."
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
      return "The audio file's rate of \(rate) Hz is not supported; "
        + "use \(range.lowerBound)–\(range.upperBound) Hz."
    case .notFinite(let sample):
      return "The audio file is damaged: sample \(sample) is not a finite number."
    }
  }
}
