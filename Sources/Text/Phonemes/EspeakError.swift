/// Why espeak-ng gave no phonemes or no speech.
package enum EspeakError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The program is not installed.
  case missing
  /// The program is there but does not work: it ended with a status or signal, or did not start.
  case failed(String)
  /// The program did not answer in time.
  case timedOut
  /// The program wrote more than any speech of the text could be.
  case tooMuchOutput
  /// The task was cancelled.
  case cancelled

  package var description: String {
    switch self {
    case .missing:
      "The program espeak-ng is not installed. " + Self.installation
    case .failed(let how):
      "The program espeak-ng failed (\(how)). Check that its voices are installed. " + Self.installation
    case .timedOut:
      "The program espeak-ng did not answer in time. Try again with less load or a shorter text."
    case .tooMuchOutput:
      "The program espeak-ng wrote more than expected. Try again with a shorter text."
    case .cancelled:
      "The speech was cancelled."
    }
  }

  private static let installation =
    "Install it with apt install espeak-ng (Debian, Ubuntu) or brew install espeak-ng (macOS)."

  init(_ error: ProgramError) {
    self =
      switch error {
      case .notFound: .missing
      case .notRunnable: .failed("it could not be started")
      case .failed(let status): .failed("exit status \(status)")
      case .killed(let signal): .failed("signal \(signal)")
      case .tooMuchOutput: .tooMuchOutput
      case .timedOut: .timedOut
      case .cancelled: .cancelled
      }
  }
}
