package import Redis

/// Settings that only make sense together.
extension ServiceConfiguration {
  /// What a server needs beyond what each setting allows.
  ///
  /// - Throws: ``ConfigurationError`` that says what is missing.
  package func checkForServing() throws(ConfigurationError) {
    if queue.type == .redis, cache.redisURL == nil {
      throw .missing("cache.redis_url", variable: "CHATTERBOX_CACHE_REDIS_URL", neededBy: "queue.type redis")
    }
    try security.checkTogether()
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

extension ServiceConfiguration.Cache {
  /// A client of the Redis that nodes share; `nil` when nothing is shared.
  package var redisClient: RedisClient? { redisURL.flatMap(RedisAddress.init).map { RedisClient($0) } }
}

extension ServiceConfiguration.Security {
  fileprivate func checkTogether() throws(ConfigurationError) {
    if (tlsCertificate == nil) != (tlsKey == nil) {
      let (there, missing) = tlsKey == nil ? ("tls_certificate", "tls_key") : ("tls_key", "tls_certificate")
      throw .missing(
        "security.\(missing)", variable: "CHATTERBOX_SECURITY_\(missing.uppercased())",
        neededBy: "security.\(there)")
    }
    // Else every token of the provider would do, whatever it was made for.
    if jwtJWKSURL != nil || jwtJWKSFile != nil, jwtAudience == nil {
      throw .missing(
        "security.jwt_audience", variable: "CHATTERBOX_SECURITY_JWT_AUDIENCE",
        neededBy: jwtJWKSURL == nil ? "security.jwt_jwks_file" : "security.jwt_jwks_url")
    }
  }
}

extension ConfigurationError {
  fileprivate static func missing(_ key: String, variable: String, neededBy setting: String) -> Self {
    ConfigurationError(
      .missingKey, at: .variable(variable), "\(setting) needs \(key): set it, or this variable.")
  }
}
