public import Tensor
public import Text

/// How an engine is set up. The defaults speak without any set-up on one machine.
public struct EngineConfiguration: Hashable, Sendable {
  /// What speaks when the model asked for is not installed.
  public enum Fallback: String, CaseIterable, Codable, Hashable, Sendable {
    /// The starter voice, or espeak-ng for a language it does not know; the response says so.
    case starter
    /// Nothing: such a request is an error.
    case none
  }

  /// `auto`, `cpu`, `cuda`, `cuda:1`, `metal`, `mps`, `vulkan`; or several, `cuda:0,cuda:1`, which share the
  /// requests.
  public var device = "cpu"
  /// Threads that compute on a CPU; `nil` is ``ProcessorLimits/threads``.
  public var threads: Int?
  /// The folder that models live in; `nil` is ``ModelStore/standardDirectory``.
  public var modelsDirectory: String?
  /// The folder of cloned voices; `nil` is ``ModelStore/standardVoicesDirectory``.
  public var voicesDirectory: String?
  /// How the matrices of Chatterbox's token model are stored: smaller is faster, and less exact.
  /// 8-bit blocks are a fourth of the official 32-bit floats, and say nearly the same (docs/parity.md).
  public var weightType = WeightType.q8_0
  /// Whether Chatterbox's speech carries the inaudible Perth watermark.
  public var watermark = true
  /// What speaks when the model asked for is not installed.
  public var fallback = Fallback.starter
  /// Presets beside the built-in ones; one of the same name replaces it.
  public var presets: [Preset] = []
  /// Pronunciations for every request.
  public var lexicon = Lexicon()
  /// The longest text a request may have, in characters.
  public var textLimit = 100_000

  /// The most bytes of weights that are loaded at a time; 0 is no bound. Models that were used longest ago make
  /// room.
  public var mostLoadedBytes = 0
  /// How many voices a model keeps ready to speak.
  public var mostCachedVoices = 8

  /// The most speech tokens of a sentence, for measurements; `nil` is what its text can need at most.
  package var mostSpeechTokens: Int?

  /// Creates the default configuration.
  public init() {}
}
