package import Text

/// A model that requests can name.
package enum ModelName: String, CaseIterable, Sendable {
  case standard
  case turbo
  case nano
  case multilingual
  case starter
  case espeak

  /// The languages it was made for.
  package var languages: [Language] {
    switch self {
    case .standard, .turbo, .nano, .starter: [.english]
    case .multilingual, .espeak: Language.allCases
    }
  }

  /// What it is, for lists.
  package var summary: String {
    switch self {
    case .standard: "Chatterbox: English, emotion and voice cloning"
    case .turbo: "Chatterbox Turbo: English, fast, with sounds such as [laugh]"
    case .nano: "Chatterbox Nano: English, the smallest"
    case .multilingual: "Chatterbox Multilingual: 23 languages"
    case .starter: "The starter voice (Piper en_US-joe-medium): English, neural, fast"
    case .espeak: "espeak-ng: 23 languages, synthetic, until real models are installed"
    }
  }
}

/// A model as it stands on this machine.
public struct ModelStatus: Codable, Hashable, Sendable {
  /// The name that requests use.
  public let name: String
  /// What it is.
  public let description: String
  /// ISO 639-1 codes of the languages it speaks.
  public let languages: [String]
  /// Whether its files are here.
  public let installed: Bool
}
