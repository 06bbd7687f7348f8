import Audio
import Models
import Tensor
import Text

/// Why a request could not be spoken: what was wrong, what was expected, what to do next.
///
/// The message is safe to show to a client: it never carries the text, a key or a path.
public struct ChatterboxError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kind of failure, stable across versions. The raw value is the API's `error.code`.
  public enum Code: String, Sendable, CaseIterable {
    /// The text is empty, or nothing in it can be spoken.
    case emptyText = "empty_text"
    /// The text is longer than the limit.
    case textTooLong = "text_too_long"
    /// The language is not one of the 23.
    case unknownLanguage = "unknown_language"
    /// No preset has this name.
    case unknownPreset = "unknown_preset"
    /// No model has this name.
    case unknownModel = "unknown_model"
    /// No saved voice has this name.
    case unknownVoice = "unknown_voice"
    /// A voice's file is damaged, or the audio that a voice is to be made from cannot be used.
    case voiceUnreadable = "voice_unreadable"
    /// A field that the request does not have.
    case unknownField = "unknown_field"
    /// A value outside its range, or of the wrong type.
    case invalidValue = "invalid_value"
    /// The model is known but not installed, and fallbacks are switched off.
    case modelNotInstalled = "model_not_installed"
    /// The model takes more memory than it may.
    case noMemory = "no_memory"
    /// The model's files are damaged, or are not what they claim to be.
    case modelUnreadable = "model_unreadable"
    /// A program that speech needs (espeak-ng) is missing or failed.
    case toolUnavailable = "tool_unavailable"
    /// The audio that came out failed its check and was withheld.
    case outputRejected = "output_rejected"
    /// The file could not be written: the disk is full, or the folder is not writable.
    case outputNotWritable = "output_not_writable"
  }

  /// The kind of failure.
  public let code: Code
  /// One or two sentences for a person.
  public let message: String
  /// The request's field at fault, by its JSON name.
  public let field: String?

  /// Creates an error.
  public init(_ code: Code, _ message: String, field: String? = nil) {
    self.code = code
    self.message = message
    self.field = field
  }

  /// The code and the message.
  public var description: String { "\(code.rawValue): \(message)" }
}

extension ChatterboxError {
  /// What a caller is shown of any error: our own and cancellation as they are, others by their kind.
  package static func presentable(_ error: any Error) -> any Error {
    switch error {
    case is ChatterboxError, is CancellationError: error
    case EspeakError.cancelled: CancellationError()
    case let error as AudioCheckError:
      ChatterboxError(.outputRejected, "The audio failed its check and was withheld. \(error) Try again.")
    case let error as EspeakError: ChatterboxError(.toolUnavailable, error.description)
    case let error as T3Error: ChatterboxError(.modelUnreadable, error.description)
    case let error as S3GenError: ChatterboxError(.modelUnreadable, error.description)
    case let error as TensorError: ChatterboxError(.modelUnreadable, error.description)
    case let error as AudioProcessingError: ChatterboxError(.outputRejected, error.description)
    case let error as AudioFileError:
      ChatterboxError(.toolUnavailable, "espeak-ng made no readable audio. \(error)")
    default: error
    }
  }
}
