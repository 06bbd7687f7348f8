/// Settings that only make sense together.
extension ServiceConfiguration {
  func checkTogether() throws(ConfigurationError) {
    if queue.type == .redis, cache.redisURL == nil {
      throw .missing("cache.redis_url", variable: "CHATTERBOX_CACHE_REDIS_URL", neededBy: "queue.type redis")
    }
    guard storage.type != .local else { return }
    let kind = "storage.type \(storage.type.rawValue)"
    if storage.accessKeyID == nil {
      throw .missing("storage.access_key_id", variable: "CHATTERBOX_STORAGE_ACCESS_KEY_ID", neededBy: kind)
    }
    if storage.secretAccessKey == nil {
      throw .missing(
        "storage.secret_access_key", variable: "CHATTERBOX_STORAGE_SECRET_ACCESS_KEY", neededBy: kind)
    }
  }
}

extension ConfigurationError {
  fileprivate static func missing(_ key: String, variable: String, neededBy setting: String) -> Self {
    ConfigurationError(.missingKey, at: .variable(variable), "\(setting) needs \(key): set it, or this variable.")
  }
}
