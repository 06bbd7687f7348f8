import Chatterbox
import Text

/// A configuration in the making: the file has been read, the environment may still change it.
struct ConfigurationDraft {
  private var configuration = ServiceConfiguration()
  private var presets = PresetDrafts()

  /// Takes over what a file sets.
  mutating func read(_ root: WrittenValue) throws(ConfigurationError) {
    for entry in try root.entries(of: "the configuration") {
      guard let section = ConfigurationKeys.Section(rawValue: entry.key) else {
        let known = ConfigurationKeys.Section.allCases.map(\.rawValue)
        throw .unknownKey(entry.key, in: nil, among: known, at: entry.place)
      }
      try read(entry.value, into: section)
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
    case .queue: try ConfigurationKeys.queue.apply(value, in: "queue", to: &configuration.queue)
    case .cache: try ConfigurationKeys.cache.apply(value, in: "cache", to: &configuration.cache)
    case .storage: try ConfigurationKeys.storage.apply(value, in: "storage", to: &configuration.storage)
    case .jobs: try ConfigurationKeys.jobs.apply(value, in: "jobs", to: &configuration.jobs)
    case .monitoring:
      try ConfigurationKeys.monitoring.apply(value, in: "monitoring", to: &configuration.monitoring)
    case .openai: try ConfigurationKeys.openAI.apply(value, in: "openai", to: &configuration.openAI)
    case .security:
      try ConfigurationKeys.security.apply(
        value.flattened(["rate_limit", "audit"], in: "security"), in: "security", to: &configuration.security)
    }
  }

  /// Lets environment variables have the last word.
  mutating func override(with variables: EnvironmentVariables) throws(ConfigurationError) {
    try variables.apply(ConfigurationKeys.server, of: .server, to: &configuration.server)
    try variables.apply(ConfigurationKeys.models, of: .models, to: &configuration.models)
    try variables.apply(ConfigurationKeys.queue, of: .queue, to: &configuration.queue)
    try variables.apply(ConfigurationKeys.cache, of: .cache, to: &configuration.cache)
    try variables.apply(ConfigurationKeys.storage, of: .storage, to: &configuration.storage)
    try variables.apply(ConfigurationKeys.jobs, of: .jobs, to: &configuration.jobs)
    try variables.apply(ConfigurationKeys.monitoring, of: .monitoring, to: &configuration.monitoring)
    try variables.apply(ConfigurationKeys.openAI, of: .openai, to: &configuration.openAI)
    try presets.override(with: variables)
    try variables.apply(ConfigurationKeys.security, of: .security, to: &configuration.security)
  }

  /// The configuration, all of it checked.
  mutating func finished() throws(ConfigurationError) -> ServiceConfiguration {
    configuration.presets = try presets.validated()
    return configuration
  }
}
