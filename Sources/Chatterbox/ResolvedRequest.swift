package import Text

/// A request with its preset applied and every value checked: what is spoken, and by whom.
package struct ResolvedRequest: Sendable {
  package let segments: [TextSegment]
  package let language: Language
  /// What kind of model speaks.
  package let model: ModelName
  /// The name it was asked for by: the kind's own, or a custom checkpoint's.
  package let modelName: String
  /// Whose voice; `nil` is the model's own.
  package let voice: Voice?
  package let parameters: SpeechParameters
  package let speed: Double
  package let priority: SpeechPriority
  package let seed: UInt64
  package let lexicon: Lexicon
  package let warnings: [SpeechWarning]
}
