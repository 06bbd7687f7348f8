import Foundation
import JWTKit
import Logging

/// Whether a JSON Web Token is good, and who has it.
///
/// Source: RFC 7519, RFC 8725 (best practices: the algorithm is ours to choose, never the token's).
package actor TokenVerifier {
  private struct Claims: JWTPayload {
    let sub: SubjectClaim
    let exp: ExpirationClaim
    let nbf: NotBeforeClaim?
    let iss: IssuerClaim?
    /// JWTKit's own type ends the program when the list is empty.
    let aud: Words?
    /// Words with spaces between them, as OAuth has them.
    let scope: Words?
    let scp: Words?

    func verify(using algorithm: some JWTAlgorithm) throws {
      try exp.verifyNotExpired()
      try nbf?.verifyNotBefore()
    }
  }

  /// A list of words, or one text; of scopes it has spaces between them.
  private struct Words: Codable {
    let list: [String]

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      list = try (try? container.decode([String].self)) ?? [container.decode(String.self)]
    }

    func encode(to encoder: any Encoder) throws { try list.encode(to: encoder) }

    /// Each of the words alone.
    var split: [String] { list.flatMap { $0.split(separator: " ").map(String.init) } }
  }

  private struct Header: Decodable {
    let alg: String
    let kid: String?
  }

  /// The longest token that is looked at.
  private static let mostBytes = 16 << 10
  /// What somebody may do whose token says nothing about it.
  private static let usualScopes: Set<AccessScope> = [.speak, .read]

  private let configuration: ServiceConfiguration.Security
  /// Keys of secrets, each for its own algorithm.
  private let secrets: [String: JWTKeyCollection]
  private let published: PublishedKeys?

  /// - Returns: `nil` when the configuration names no keys for tokens.
  init?(_ configuration: ServiceConfiguration.Security, logger: Logger) async {
    self.configuration = configuration
    if let secret = configuration.jwtSecret {
      var secrets: [String: JWTKeyCollection] = [:]
      // RFC 7518, section 3.2: a secret is at least as long as the hash.
      for (name, digest, size) in [
        ("HS256", DigestAlgorithm.sha256, 32), ("HS384", .sha384, 48), ("HS512", .sha512, 64),
      ] where secret.utf8.count >= size {
        secrets[name] = await JWTKeyCollection().add(hmac: HMACKey(from: secret), digestAlgorithm: digest)
      }
      self.secrets = secrets
    } else {
      secrets = [:]
    }
    published = PublishedKeys(configuration, logger: logger)
    if secrets.isEmpty, published == nil { return nil }
  }

  /// Who has a token, and what it lets them do.
  ///
  /// - Throws: ``AccessRefusal/wrongCredentials``; ``AccessRefusal/cannotTell`` when the keys cannot be fetched.
  func caller(of token: String, at address: String?) async throws(AccessRefusal) -> Caller {
    guard token.utf8.count <= Self.mostBytes, let header = Self.header(of: token) else {
      throw .wrongCredentials
    }
    let keys: JWTKeyCollection
    if let secret = secrets[header.alg] {
      keys = secret
    } else if let published, PublishedKeys.algorithms.contains(header.alg) {
      keys = try await published.keys(knowing: header.kid)
    } else {
      throw .wrongCredentials
    }
    guard let claims = try? await keys.verify(token, as: Claims.self), isMeant(claims),
      !claims.sub.value.isEmpty, claims.sub.value.count <= 256
    else { throw .wrongCredentials }
    let words = (claims.scp ?? claims.scope)?.split
    let scopes = words.map { Set($0.compactMap(AccessScope.init)) } ?? Self.usualScopes
    return Caller(.token, id: claims.sub.value, address: address, scopes: scopes)
  }

  /// Whether the token was made by the one we trust, for us.
  private func isMeant(_ claims: Claims) -> Bool {
    let isIssuer = configuration.jwtIssuer.map { claims.iss?.value == $0 } ?? true
    let isAudience = configuration.jwtAudience.map { claims.aud?.list.contains($0) == true } ?? true
    return isIssuer && isAudience
  }

  private static func header(of token: String) -> Header? {
    let parts = token.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3 else { return nil }
    var base64 = String(parts[0]).replacing("-", with: "+").replacing("_", with: "/")
    base64 += String(repeating: "=", count: (4 - base64.utf8.count % 4) % 4)
    return Data(base64Encoded: base64).flatMap { try? JSONDecoder().decode(Header.self, from: $0) }
  }
}
