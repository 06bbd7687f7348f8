import Crypto
package import Foundation

/// A key that lets somebody in. Only the hash of its secret is kept.
package struct APIKey: Codable, Hashable, Sendable, Identifiable {
  /// 12 hexadecimal digits, the part of the key that may be seen.
  package let id: String
  package var name: String
  package var scopes: Set<AccessScope>
  package var limit: RateLimit?
  package let created: Date
  package var expires: Date?
  package var revoked: Date?
  package var lastUsed: Date?
  /// SHA-256 of the secret. The secret has 256 random bits, so nothing slower is needed.
  var hash: Data
  /// What was valid before the last rotation, and until when it still is.
  var previousHash: Data?
  package var previousExpires: Date?

  /// Makes a key.
  ///
  /// - Returns: the key, and the text that its holder sends: it cannot be had again.
  static func make(
    named name: String, scopes: Set<AccessScope>, limit: RateLimit?, expires: Date?
  ) -> (key: APIKey, text: String) {
    let id = hexadecimal(Data.random(6))
    let secret = newSecret()
    let key = APIKey(
      id: id, name: name, scopes: scopes, limit: limit, created: .now, expires: expires,
      hash: Data(SHA256.hash(data: secret)))
    return (key, key.text(secret))
  }

  static func newSecret() -> Data { Data.random(32) }

  /// Gives the key another secret. The one before is good for a while, so that nobody is locked out meanwhile.
  mutating func rotate(to secret: Data, grace: Duration) {
    let fresh = Data(SHA256.hash(data: secret))
    // Asked twice for the same, it must not forget the one before.
    guard fresh != hash, fresh != previousHash else { return }
    previousHash = hash
    previousExpires = .now + grace / .seconds(1)
    hash = fresh
  }

  /// Whether a secret is this key's, and the key is still good.
  func accepts(_ secret: Data, at time: Date) -> Bool {
    let given = SHA256.hash(data: secret)
    let isCurrent = given.isSame(as: hash)
    let isPrevious = previousHash.map { given.isSame(as: $0) } ?? false
    guard revoked == nil, expires.map({ time < $0 }) ?? true else { return false }
    return isCurrent || (isPrevious && previousExpires.map { time < $0 } ?? false)
  }

  /// The text that the key's holder sends.
  func text(_ secret: Data) -> String { "cbx_\(id)_\(Self.hexadecimal(secret))" }

  /// The parts of a key's text; `nil` when it is none.
  static func parts(of text: String) -> (id: String, secret: Data)? {
    guard let match = text.wholeMatch(of: /cbx_([0-9a-f]{12})_([0-9a-f]{64})/) else { return nil }
    let digits = Array(match.output.2.utf8)
    let bytes = stride(from: 0, to: digits.count, by: 2).compactMap { index in
      UInt8(String(decoding: digits[index...index + 1], as: UTF8.self), radix: 16)
    }
    return (String(match.output.1), Data(bytes))
  }

  private static func hexadecimal(_ bytes: Data) -> String {
    bytes.map { String(format: "%02x", $0) }.joined()
  }
}

extension SHA256.Digest {
  /// Compares in a time that says nothing about where they differ.
  fileprivate func isSame(as other: Data) -> Bool {
    // The library's own comparison with bytes takes the same time for all of the same length.
    self == other
  }
}

extension Data {
  fileprivate static func random(_ count: Int) -> Data {
    var generator = SystemRandomNumberGenerator()
    return Data((0..<count).map { _ in UInt8.random(in: 0 ... .max, using: &generator) })
  }
}
