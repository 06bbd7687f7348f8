/// What somebody may do.
package enum AccessScope: String, CaseIterable, Codable, Hashable, Sendable {
  /// Have text spoken, and fetch what was spoken for them.
  case speak
  /// See models, voices, presets, and how busy the service is.
  case read
  /// Make and remove voices and presets.
  case voices
  /// Everything, also what belongs to others: models, keys, usage, the audit log.
  case admin
}

/// Who asks.
package struct Caller: Hashable, Sendable {
  /// What the identifier is one of.
  package enum Kind: String, Hashable, Sendable {
    case key
    case token
    /// Nobody had to say who they are.
    case address
  }

  package let kind: Kind
  /// A key's identifier, a token's subject, or an address.
  package let id: String
  /// Where from, if that is known.
  package let address: String?
  package let scopes: Set<AccessScope>
  /// How often they may ask; `nil` is as often as everybody.
  package let limit: RateLimit?

  package init(
    _ kind: Kind, id: String, address: String?, scopes: Set<AccessScope>, limit: RateLimit? = nil
  ) {
    (self.kind, self.id, self.address, self.scopes, self.limit) = (kind, id, address, scopes, limit)
  }

  /// Somebody who did not have to say who they are, and may do everything.
  package static func anybody(at address: String?, named name: String? = nil) -> Caller {
    Caller(.address, id: name ?? address ?? "local", address: address, scopes: Set(AccessScope.allCases))
  }

  /// What their jobs and use are kept under. Whoever chooses a token's subject must not be able to choose a key's
  /// identifier.
  package var account: String { kind == .address ? id : "\(kind.rawValue):\(id)" }

  /// All that an identifier's jobs and use may be kept under.
  static func accounts(of id: String) -> [String] {
    [Kind.key, .token, .address].map { Caller($0, id: id, address: nil, scopes: []).account }
  }

  /// Whose requests are counted together. Who need not say who they are could say something else every time.
  var bucket: String { kind == .address ? "address:\(address ?? id)" : "\(kind.rawValue):\(id)" }

  package func may(_ scope: AccessScope) -> Bool { scopes.contains(scope) || scopes.contains(.admin) }

  /// Whether what belongs to others is theirs to see.
  package var seesAll: Bool { scopes.contains(.admin) }

  /// Whether something of a caller's is theirs to see.
  package func owns(_ caller: String) -> Bool { caller == account || seesAll }
}

/// How often somebody may ask: a bucket of tokens that is filled again steadily.
package struct RateLimit: Codable, Hashable, Sendable {
  /// 0 is without a limit.
  package var requestsPerMinute: Int
  /// How many may come at once.
  package var burst: Int

  /// - Parameter burst: `nil` is as many as in a minute.
  package init(requestsPerMinute: Int, burst: Int? = nil) {
    self.requestsPerMinute = requestsPerMinute
    self.burst = burst ?? max(1, requestsPerMinute)
  }
}

/// Why somebody is not let in.
package enum AccessRefusal: Error, Hashable, Sendable {
  /// Nothing says who it is.
  case noCredentials
  /// What says it is wrong, has expired, or was revoked.
  case wrongCredentials
  case scopeMissing(AccessScope)
  /// Seconds until the next request is taken.
  case tooManyRequests(retryAfter: Int)
  /// It cannot be found out now whether the credentials are right.
  case cannotTell
}
