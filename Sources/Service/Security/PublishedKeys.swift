import AsyncHTTPClient
import Foundation
import JWTKit
import Logging
import NIOCore
import NIOFoundationCompat
import NIOHTTP1

/// The keys that an identity provider signs tokens with, from a file or an address, and fetched again as they change.
///
/// Source: RFC 7517
actor PublishedKeys {
  /// What tokens may be signed with; never a secret, which whoever knows the public keys could pass off as one.
  static let algorithms: Set<String> = [
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
  ]

  /// How long keys are good for.
  private static let life = Duration.seconds(300)
  private static let mostBytes = 1 << 20

  /// RFC 7517, section 5: keys that are not understood are left out.
  private struct KeySet: Decodable {
    struct Member: Decodable {
      let key: JWK?

      init(from decoder: any Decoder) throws { key = try? JWK(from: decoder) }
    }

    let keys: [Member]
  }

  private struct TooSlow: Error {}

  private enum Source {
    case file(String)
    case address(String)
  }

  private let source: Source
  private let logger: Logger
  private let patience: Duration
  private let limit: Duration
  private var keys: JWTKeyCollection?
  private var names: Set<String> = []
  /// When the last fetch ended, also one that failed: a provider that is away is not asked for every token.
  private var tried: ContinuousClock.Instant?
  private var fetching: Task<Void, Never>?

  /// - Parameters:
  ///   - patience: how soon keys are fetched again for a token whose key is not among them.
  ///   - limit: how long a fetch may take.
  init?(
    _ configuration: ServiceConfiguration.Security, logger: Logger, patience: Duration = .seconds(5),
    limit: Duration = .seconds(5)
  ) {
    if let file = configuration.jwtJWKSFile {
      source = .file(file)
    } else if let address = configuration.jwtJWKSURL {
      source = .address(address)
    } else {
      return nil
    }
    (self.logger, self.patience, self.limit) = (logger, patience, limit)
  }

  /// The keys, among them one of this name if there is one.
  func keys(knowing name: String?) async throws(AccessRefusal) -> JWTKeyCollection {
    if isDue(for: name) { await refresh() }
    guard let keys else { throw .cannotTell }
    return keys
  }

  private func isDue(for name: String?) -> Bool {
    guard let tried else { return true }
    let isThere = name.map { names.contains($0) } ?? !names.isEmpty
    return tried.duration(to: .now) > (isThere ? Self.life : patience)
  }

  /// Fetches the keys, once for all who need them meanwhile.
  private func refresh() async {
    if let fetching { return await fetching.value }
    // Not the first one's own task: who goes away must not take the answer from the others.
    let task = Task { await fetch() }
    fetching = task
    await task.value
  }

  private func fetch() async {
    defer {
      tried = .now
      fetching = nil
    }
    do {
      let set = try JSONDecoder().decode(KeySet.self, from: try await bytes())
      let fresh = JWTKeyCollection()
      var freshNames: Set<String> = []
      for key in set.keys {
        guard let key = key.key?.usable, let name = key.keyIdentifier?.string else { continue }
        guard (try? await fresh.add(jwk: key)) != nil else { continue }
        freshNames.insert(name)
      }
      (keys, names) = (fresh, freshNames)
    } catch {
      logger.error("the keys for tokens cannot be read", metadata: ["cause": "\(type(of: error))"])
    }
  }

  private func bytes() async throws -> Data {
    switch source {
    case .file(let path): return try Data(contentsOf: URL(filePath: path))
    case .address(let address):
      // The client's own deadline ends with the answer's head, and a body may hang as well.
      return try await withTimeLimit(limit, throwing: TooSlow()) {
        let answer = try await HTTPClient.shared.execute(
          HTTPClientRequest(url: address), deadline: .distantFuture)
        guard answer.status == .ok else { throw AccessRefusal.cannotTell }
        return Data(buffer: try await answer.body.collect(upTo: Self.mostBytes))
      }
    }
  }
}

extension JWK {
  /// The key, tied to one algorithm; `nil` when it is a secret, or of a kind that is not taken.
  fileprivate var usable: JWK? {
    var key = self
    switch keyType {
    case .rsa: key.algorithm = algorithm ?? .rs256
    case .ecdsa:
      let usual: [String: JWK.Algorithm] = ["P-256": .es256, "P-384": .es384, "P-521": .es512]
      key.algorithm = algorithm ?? curve.flatMap { usual[$0.rawValue] }
    case .octetKeyPair: key.algorithm = .eddsa
    default: return nil
    }
    return key.algorithm == nil ? nil : key
  }
}
