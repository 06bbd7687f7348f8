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
    case queue
    case cache
    case storage
    case jobs
    case monitoring
    case openai
    case security
  }

  static let server: [Setting<ServiceConfiguration.Server>] = [
    Setting("host", \.host, .host),
    Setting("port", \.port, .wholeNumber(in: 1...65_535)),
    Setting("workers", \.workers, .wholeNumber(in: 1...1_024)),
    Setting("max_text_length", \.maxTextLength, .wholeNumber(in: 1...10_000_000)),
    Setting("max_body_bytes", \.maxBodyBytes, .wholeNumber(in: 1_024...1_073_741_824)),
    Setting("data_dir", \.dataDirectory, .folder),
    Setting("drain_seconds", \.drainSeconds, .wholeNumber(in: 0...3_600)),
    Setting("log_format", \.logFormat, .choice),
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
    Setting("unload_after_seconds", \.unloadAfterSeconds, .wholeNumber(in: 0...31_536_000)),
    Setting("max_loaded_bytes", \.maxLoadedBytes, .wholeNumber(in: 0...1 << 50)),
    Setting("max_cached_voices", \.maxCachedVoices, .wholeNumber(in: 1...1_000)),
  ]

  static let queue: [Setting<ServiceConfiguration.Queue>] = [
    Setting("type", \.type, .choice),
    Setting("capacity", \.capacity, .wholeNumber(in: 1...1_000_000)),
    Setting("concurrent", \.concurrent, .wholeNumber(in: 1...256)),
    Setting("lease_seconds", \.leaseSeconds, .wholeNumber(in: 1...3_600)),
    Setting("max_tries", \.maxTries, .wholeNumber(in: 1...100)),
  ]

  static let cache: [Setting<ServiceConfiguration.Cache>] = [
    Setting("enabled", \.enabled, .flag),
    Setting("ttl_seconds", \.ttlSeconds, .wholeNumber(in: 1...31_536_000)),
    Setting("max_memory_bytes", \.maxMemoryBytes, .wholeNumber(in: 0...1 << 50)),
    Setting("max_disk_bytes", \.maxDiskBytes, .wholeNumber(in: 0...1 << 50)),
    Setting("per_caller", \.perCaller, .flag),
    Setting("redis_url", \.redisURL, .redisAddress),
  ]

  static let storage: [Setting<ServiceConfiguration.Storage>] = [
    Setting("type", \.type, .choice),
    Setting("bucket", \.bucket, .bucket),
    Setting("endpoint", \.endpoint, .webAddress),
    Setting("region", \.region, .token),
    Setting("access_key_id", \.accessKeyID, .secret),
    Setting("secret_access_key", \.secretAccessKey, .secret),
    Setting("prefix", \.prefix, .objectPrefix),
    Setting("presign_seconds", \.presignSeconds, .wholeNumber(in: 0...604_800)),
    Setting("cleanup_after_hours", \.cleanupAfterHours, .wholeNumber(in: 0...876_000)),
  ]

  static let jobs: [Setting<ServiceConfiguration.Jobs>] = [
    Setting("webhook_secret", \.webhookSecret, .secret),
    Setting("webhook_hosts", \.webhookHosts, .names),
    Setting("webhook_private", \.webhookPrivate, .flag),
  ]

  static let security: [Setting<ServiceConfiguration.Security>] = [
    Setting("api_key_enabled", \.apiKeyEnabled, .flag),
    Setting("jwt_secret", \.jwtSecret, .longSecret),
    Setting("jwt_jwks_url", \.jwtJWKSURL, .webAddress),
    Setting("jwt_jwks_file", \.jwtJWKSFile, .file),
    Setting("jwt_issuer", \.jwtIssuer, .text),
    Setting("jwt_audience", \.jwtAudience, .text),
    Setting("tls_certificate", \.tlsCertificate, .file),
    Setting("tls_key", \.tlsKey, .file),
    Setting("trusted_proxies", \.trustedProxies, .addressRanges),
    Setting("rate_limit.requests_per_minute", \.rateLimit.requestsPerMinute, .wholeNumber(in: 0...1_000_000)),
    Setting("rate_limit.burst", \.rateLimit.burst, .wholeNumber(in: 1...1_000_000)),
    Setting("audit.enabled", \.audit.enabled, .flag),
    Setting("audit.text", \.audit.text, .flag),
    Setting("audit.retention_days", \.audit.retentionDays, .wholeNumber(in: 0...36_500)),
    Setting("audit.max_file_bytes", \.audit.maxFileBytes, .wholeNumber(in: 4_096...1 << 40)),
    Setting("audit.secret", \.audit.secret, .longSecret),
  ]

  static let monitoring: [Setting<ServiceConfiguration.Monitoring>] = [
    Setting("enabled", \.enabled, .flag),
    Setting("prometheus_port", \.prometheusPort, .wholeNumber(in: 1...65_535)),
    Setting("health_check_interval", \.healthCheckInterval, .wholeNumber(in: 1...86_400)),
  ]

  static let openAI: [Setting<ServiceConfiguration.OpenAI>] = [
    Setting("voices", \.voices, .table),
    Setting("models", \.models, .table),
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
