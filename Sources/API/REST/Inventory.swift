import Chatterbox
import Text

/// What the service has to offer, for the lists that clients ask for.
struct Inventory: Sendable {
  /// A language, and who speaks it here.
  struct SpokenLanguage: Encodable {
    let code: String
    let name: String
    /// The names of the installed models that speak it.
    let models: [String]
  }

  let engine: ChatterboxEngine

  var models: [ModelStatus] { engine.store.models }

  var languages: [SpokenLanguage] {
    let installed = models.filter(\.installed)
    return Language.allCases.map { language in
      SpokenLanguage(
        code: language.code, name: language.name,
        models: installed.filter { $0.languages.contains(language.code) }.map(\.name))
    }
  }
}
