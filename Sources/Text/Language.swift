/// The 23 languages of Chatterbox Multilingual, by their ISO 639-1 codes.
///
/// Source: `SUPPORTED_LANGUAGES` in the reference's `mtl_tts.py`.
public enum Language: String, CaseIterable, Codable, Sendable, Hashable {
  case arabic = "ar"
  case danish = "da"
  case german = "de"
  case greek = "el"
  case english = "en"
  case spanish = "es"
  case finnish = "fi"
  case french = "fr"
  case hebrew = "he"
  case hindi = "hi"
  case italian = "it"
  case japanese = "ja"
  case korean = "ko"
  case malay = "ms"
  case dutch = "nl"
  case norwegian = "no"
  case polish = "pl"
  case portuguese = "pt"
  case russian = "ru"
  case swedish = "sv"
  case swahili = "sw"
  case turkish = "tr"
  case chinese = "zh"

  /// The language's ISO 639-1 code: `en`, `ko`, …
  public var code: String { rawValue }

  /// The language's name in English.
  public var name: String {
    switch self {
    case .arabic: "Arabic"
    case .danish: "Danish"
    case .german: "German"
    case .greek: "Greek"
    case .english: "English"
    case .spanish: "Spanish"
    case .finnish: "Finnish"
    case .french: "French"
    case .hebrew: "Hebrew"
    case .hindi: "Hindi"
    case .italian: "Italian"
    case .japanese: "Japanese"
    case .korean: "Korean"
    case .malay: "Malay"
    case .dutch: "Dutch"
    case .norwegian: "Norwegian"
    case .polish: "Polish"
    case .portuguese: "Portuguese"
    case .russian: "Russian"
    case .swedish: "Swedish"
    case .swahili: "Swahili"
    case .turkish: "Turkish"
    case .chinese: "Chinese"
    }
  }

  /// The name of espeak-ng's voice for the language, where it differs from the code.
  package var espeakVoice: String {
    switch self {
    case .english: "en-us"
    case .french: "fr-fr"
    case .norwegian: "nb"
    case .chinese: "cmn"
    default: code
    }
  }
}
