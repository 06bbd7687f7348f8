import Foundation
import Logging
import Redis

/// Who is let in, and for what.
package actor Doorkeeper {
  /// What a request says about who sent it.
  package struct Credentials: Sendable {
    /// A key or a token, without the word before it.
    package var secret: String?
    package var address: String?
    /// Under what name somebody takes turns who does not have to say who they are.
    package var name: String?

    package init(secret: String?, address: String?, name: String? = nil) {
      (self.secret, self.address, self.name) = (secret, address, name)
    }
  }

  private let configuration: ServiceConfiguration.Security
  private let keys: KeyDesk
  private let limiter: any RateLimiter
  private let logger: Logger
  /// Made by whoever needs it first, for all: each would fetch the keys for itself.
  private var tokens: Task<TokenVerifier?, Never>?

  init(
    _ configuration: ServiceConfiguration.Security, keys: KeyDesk, redis: RedisClient?, logger: Logger
  ) {
    (self.configuration, self.keys, self.logger) = (configuration, keys, logger)
    limiter = redis.map { RedisRateLimiter(redis: $0) } ?? MemoryRateLimiter()
  }

  /// Lets somebody in, or says why not.
  ///
  /// - Throws: ``AccessRefusal``.
  package func admit(_ credentials: Credentials, for scope: AccessScope) async throws(AccessRefusal) -> Caller
  {
    let caller = try await caller(credentials)
    try await check(caller, for: scope)
    return caller
  }

  /// Whether somebody who is known may ask for something now.
  ///
  /// - Throws: ``AccessRefusal``.
  package func check(_ caller: Caller, for scope: AccessScope) async throws(AccessRefusal) {
    let limit = caller.limit ?? configuration.rateLimit
    if limit.requestsPerMinute > 0,
      let wait = await limiter.wait(for: caller.bucket, limit)
    {
      throw .tooManyRequests(retryAfter: max(1, Int(wait.rounded(.up))))
    }
    guard caller.may(scope) else { throw .scopeMissing(scope) }
  }

  /// Who sent a request.
  ///
  /// - Throws: ``AccessRefusal``.
  package func caller(_ credentials: Credentials) async throws(AccessRefusal) -> Caller {
    guard configuration.isOn else {
      return .anybody(at: credentials.address, named: credentials.name)
    }
    guard let secret = credentials.secret, !secret.isEmpty else { throw .noCredentials }
    do throws(AccessRefusal) {
      if secret.hasPrefix("cbx_"), configuration.apiKeyEnabled {
        let key = try await keys.key(of: secret)
        return Caller(.key, id: key.id, address: credentials.address, scopes: key.scopes, limit: key.limit)
      }
      guard let verifier = await verifier() else { throw .wrongCredentials }
      return try await verifier.caller(of: secret, at: credentials.address)
    } catch {
      if error == .wrongCredentials { try await slowDown(credentials) }
      throw error
    }
  }

  /// Guesses count against the address they come from.
  private func slowDown(_ credentials: Credentials) async throws(AccessRefusal) {
    let limit = RateLimit(requestsPerMinute: 60, burst: 60)
    if let wait = await limiter.wait(for: "refused:\(credentials.address ?? "local")", limit) {
      throw .tooManyRequests(retryAfter: max(1, Int(wait.rounded(.up))))
    }
  }

  private func verifier() async -> TokenVerifier? {
    if let tokens { return await tokens.value }
    let making = Task { [configuration, logger] in await TokenVerifier(configuration, logger: logger) }
    tokens = making
    return await making.value
  }
}
