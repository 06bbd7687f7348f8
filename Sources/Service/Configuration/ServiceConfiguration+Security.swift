// The sections about who may do what, and what is written down about it.
extension ServiceConfiguration {
  /// The section `security`.
  package struct Security: Hashable, Sendable {
    /// Whether requests need a key; `chatterbox keys` makes them.
    package var apiKeyEnabled = false
    /// What tokens are signed with, where one secret is shared.
    package var jwtSecret: String?
    /// Where the keys are that tokens are signed with: an address, or a file.
    package var jwtJWKSURL: String?
    package var jwtJWKSFile: String?
    /// Who must have made a token, and whom it must be for.
    package var jwtIssuer: String?
    package var jwtAudience: String?
    /// PEM files: the certificate with its chain, and its key.
    package var tlsCertificate: String?
    package var tlsKey: String?
    /// Proxies whose `X-Forwarded-For` is believed.
    package var trustedProxies: [String] = []
    /// How often one caller may ask.
    package var rateLimit = RateLimit(requestsPerMinute: 0, burst: 20)
    package var audit = Audit()

    /// What is written down about every request.
    package struct Audit: Hashable, Sendable {
      package var enabled = true
      /// Whether the texts are written down, and not only their hashes.
      package var text = false
      /// Days after which entries are deleted; 0 keeps them.
      package var retentionDays = 365
      package var maxFileBytes = 64 << 20
      /// What the chain is made with; without it whoever can write the files could make another one.
      package var secret: String?

      package init() {}
    }

    package init() {}

    /// Whether requests must say who they are from.
    package var isOn: Bool { apiKeyEnabled || hasTokens }

    var hasTokens: Bool { jwtSecret != nil || jwtJWKSURL != nil || jwtJWKSFile != nil }
  }
}
