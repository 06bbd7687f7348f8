import Chatterbox
import Text

/// A configuration in the making: the file has been read, the environment may still change it.
struct ConfigurationDraft {
  private(set) var warnings: [String] = []
  private var configuration = ServiceConfiguration()
  private var presets = PresetDrafts()

  /// Takes over what a file sets.
  mutating func read(_ root: WrittenValue) throws(ConfigurationError) {
    for entry in try root.entries(of: "the configuration") {
      guard let section = ConfigurationKeys.Section(rawValue: entry.key) else {
        let known = ConfigurationKeys.Section.allCases.map(\.rawValue)
        throw .unknownKey(entry.key, in: nil, among: known, at: entry.place)
      }
      if section.isSupported {
        try read(entry.value, into: section)
      } else if !entry.value.isEmpty {
        warn(entry.place, about: section.rawValue)
      }
    }
  }

  private mutating func read(
    _ value: WrittenValue, into section: ConfigurationKeys.Section
  ) throws(ConfigurationError) {
    switch section {
    case .server: try ConfigurationKeys.server.apply(value, in: "server", to: &configuration.server)
    case .models: try ConfigurationKeys.models.apply(value, in: "models", to: &configuration.models)
    case .presets: try presets.read(value)
    case .lexicon: configuration.lexicon = try LexiconSection(value).lexicon()
    case .storage, .cache, .monitoring, .security: break
    }
  }

  /// Lets environment variables have the last word.
  mutating func override(with variables: EnvironmentVariables) throws(ConfigurationError) {
    try variables.apply(ConfigurationKeys.server, of: .server, to: &configuration.server)
    try variables.apply(ConfigurationKeys.models, of: .models, to: &configuration.models)
    try presets.override(with: variables)
    for section in ConfigurationKeys.Section.allCases where !section.isSupported {
      for variable in variables.of(section) { warn(.variable(variable.name), about: section.rawValue) }
    }
  }

  /// The configuration, all of it checked.
  func finished() throws(ConfigurationError) -> ServiceConfiguration {
    var configuration = configuration
    configuration.presets = try presets.validated()
    return configuration
  }

  private mutating func warn(_ place: ConfigurationError.Place, about section: String) {
    warnings.append("\(place): \(section) is not supported by this version and is ignored")
  }
}
