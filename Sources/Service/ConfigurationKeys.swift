import Chatterbox

/// The table of every key that the configuration has.
///
/// Reading, suggestions for misspelt keys and the names of environment variables all follow from it, and the
/// tests hold docs/configuration.md and config.example.yaml against it.
enum ConfigurationKeys {
  /// The top level of the file.
  enum Section: String, CaseIterable {
    case server
    case models
    case presets
    case lexicon
    case storage
    case cache
    case monitoring
    case security

    /// Whether its settings have an effect. The others are the product's too, so they are no mistake in a
    /// file, but whoever writes them must hear that nothing comes of it.
    var isSupported: Bool {
      switch self {
      case .server, .models, .presets, .lexicon: true
      case .storage, .cache, .monitoring, .security: false
      }
    }
  }

  static let server: [Setting<ServiceConfiguration.Server>] = [
    Setting("host", \.host, .host),
    Setting("port", \.port, .wholeNumber(in: 1...65_535)),
    Setting("workers", \.workers, .wholeNumber(in: 1...1_024)),
    Setting("max_text_length", \.maxTextLength, .wholeNumber(in: 1...10_000_000)),
    Setting("max_body_bytes", \.maxBodyBytes, .wholeNumber(in: 1_024...1_073_741_824)),
  ]

  static let models: [Setting<ServiceConfiguration.Models>] = [
    Setting("device", \.device, .device),
    Setting("preload", \.preload, .list(of: .choice)),
    Setting("cache_dir", \.cacheDirectory, .folder),
    Setting("voices_dir", \.voicesDirectory, .folder),
    Setting("dtype", \.weightType, .choice),
    Setting("watermark", \.watermark, .flag),
    Setting("fallback", \.fallback, .choice),
    Setting("threads", \.threads, .wholeNumber(in: 1...1_024)),
  ]

  /// The keys of each preset. What a preset may say is ``Preset/validate()``'s to decide.
  static let preset: [Setting<Preset>] = [
    Setting(Preset.CodingKeys.model.rawValue, \.model, .text),
    Setting(Preset.CodingKeys.exaggeration.rawValue, \.exaggeration, .number),
    Setting(Preset.CodingKeys.cfgWeight.rawValue, \.cfgWeight, .number),
    Setting(Preset.CodingKeys.speed.rawValue, \.speed, .number),
    Setting(Preset.CodingKeys.paralinguisticPrefix.rawValue, \.paralinguisticPrefix, .text),
    Setting(Preset.CodingKeys.description.rawValue, \.description, .text),
  ]
}
