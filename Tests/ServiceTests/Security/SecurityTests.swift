import Foundation
import JWTKit
import Logging
import Synchronization
import Testing

@testable import Service

@Suite("Keys")
struct KeyTests {
  private func desk() throws -> (KeyDesk, DatabaseKeyStore, TemporaryFolder) {
    let folder = try TemporaryFolder()
    let store = DatabaseKeyStore(database: try NodeDatabase(at: folder.url.appending(path: "node.sqlite")))
    return (KeyDesk(store: store), store, folder)
  }

  @Test("let in who has them, and nobody who has almost them; only their hash is kept")
  func accepted() async throws {
    let (desk, store, folder) = try desk()
    let made = try await desk.create(named: "a program", scopes: [.speak])
    #expect(try await desk.key(of: made.text).id == made.key.id)
    let other = try await desk.create(named: "another", scopes: [.admin])
    let mixed = made.text.prefix(17) + other.text.dropFirst(17)
    let last = made.text.hasSuffix("0") ? "1" : "0"
    for wrong in [
      "", "cbx_", String(mixed), made.text.dropLast() + last, made.text + "0", made.text.uppercased(),
    ] {
      await #expect(throws: AccessRefusal.wrongCredentials) { try await desk.key(of: wrong) }
    }
    let secret = made.text.suffix(64)
    for name in folder.contents {
      let bytes = try Data(contentsOf: folder.url.appending(path: name))
      #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(name) has the secret")
    }
    withExtendedLifetime(store) {}
  }

  @Test("that were rotated are good for the time that was given")
  func rotated() async throws {
    let (desk, _, folder) = try desk()
    let first = try await desk.create(named: "a", scopes: [.speak])
    let second = try await desk.rotate(first.key.id, grace: .seconds(60))
    #expect(try await desk.key(of: first.text).id == desk.key(of: second.text).id)
    let third = try await desk.rotate(first.key.id, grace: .zero)
    for old in [first, second] {
      await #expect(throws: AccessRefusal.wrongCredentials) { try await desk.key(of: old.text) }
    }
    _ = try await desk.key(of: third.text)
    await #expect(throws: KeyDesk.Refusal.unknown) { try await desk.rotate("000000000000", grace: .zero) }
    withExtendedLifetime(folder) {}
  }

  @Test("that were revoked or have expired are good for nothing")
  func ended() async throws {
    let (desk, _, folder) = try desk()
    let revoked = try await desk.create(named: "a", scopes: [.speak])
    _ = try await desk.key(of: revoked.text)
    _ = try await desk.revoke(revoked.key.id)
    let expired = try await desk.create(named: "b", scopes: [.speak], expires: .now - 1)
    for key in [revoked, expired] {
      await #expect(throws: AccessRefusal.wrongCredentials) { try await desk.key(of: key.text) }
    }
    await #expect(throws: KeyDesk.Refusal.revoked) { try await desk.rotate(revoked.key.id, grace: .zero) }
    withExtendedLifetime(folder) {}
  }

  @Test("have a name and a purpose")
  func named() async throws {
    let (desk, _, folder) = try desk()
    for name in ["", "a\nb", String(repeating: "a", count: 65), "<script>"] {
      await #expect(throws: KeyDesk.Refusal.name) { try await desk.create(named: name, scopes: [.speak]) }
    }
    await #expect(throws: KeyDesk.Refusal.noScopes) { try await desk.create(named: "a", scopes: []) }
    withExtendedLifetime(folder) {}
  }
}

@Suite("Tokens")
struct TokenTests {
  private struct Claims: JWTPayload {
    var sub: String? = "alice"
    var exp: Int? = Int(Date.now.timeIntervalSince1970) + 60
    var nbf: Int?
    var iss: String? = "us"
    var aud: [String]? = ["speech"]
    var scope: String?
    var scp: [String]?

    func verify(using algorithm: some JWTAlgorithm) {}
  }

  private static let secret = String(repeating: "s", count: 64)

  private func verifier(_ change: (inout ServiceConfiguration.Security) -> Void = { _ in }) async throws
    -> TokenVerifier
  {
    var configuration = ServiceConfiguration.Security()
    (configuration.jwtIssuer, configuration.jwtAudience) = ("us", "speech")
    configuration.jwtSecret = Self.secret
    change(&configuration)
    return try #require(await TokenVerifier(configuration, logger: Logger(label: "test")))
  }

  private func token(_ claims: Claims, secret: String = secret, _ digest: DigestAlgorithm = .sha256)
    async throws -> String
  {
    let keys = await JWTKeyCollection().add(hmac: HMACKey(from: secret), digestAlgorithm: digest)
    return try await keys.sign(claims)
  }

  @Test(
    "say who has them and what that one may",
    arguments: [
      (nil, nil, [AccessScope.speak, .read]), ("speak admin nonsense", nil, [.speak, .admin]),
      (nil, ["voices"], [.voices]),
      ("", nil, []),
    ] as [(String?, [String]?, [AccessScope])])
  func scopes(_ scope: String?, _ scp: [String]?, _ expected: [AccessScope]) async throws {
    let text = try await token(Claims(scope: scope, scp: scp))
    let caller = try await verifier().caller(of: text, at: "192.0.2.1")
    #expect(caller == Caller(.token, id: "alice", address: "192.0.2.1", scopes: Set(expected)))
  }

  @Test("are good only for us, now, from the one we trust")
  func refused() async throws {
    let now = Int(Date.now.timeIntervalSince1970)
    let verifier = try await verifier()
    let wrong = [
      Claims(exp: now - 1), Claims(exp: nil), Claims(nbf: now + 60), Claims(iss: "them"), Claims(iss: nil),
      Claims(aud: ["other"]), Claims(aud: []), Claims(aud: nil), Claims(sub: nil), Claims(sub: ""),
    ]
    for claims in wrong {
      let text = try await token(claims)
      await #expect(throws: AccessRefusal.wrongCredentials) { try await verifier.caller(of: text, at: nil) }
    }
    let forged = try await token(Claims(), secret: String(repeating: "t", count: 64))
    await #expect(throws: AccessRefusal.wrongCredentials) { try await verifier.caller(of: forged, at: nil) }
  }

  @Test("are not taken without a signature, whatever their header says")
  func unsigned() async throws {
    let verifier = try await verifier()
    let good = try await token(Claims())
    let parts = good.split(separator: ".")
    for algorithm in ["none", "None", "NONE", "RS256", "HS999", ""] {
      let header = Data("{\"alg\":\"\(algorithm)\",\"typ\":\"JWT\"}".utf8).base64EncodedString()
        .replacing("=", with: "").replacing("+", with: "-").replacing("/", with: "_")
      for signature in ["", String(parts[2])] {
        await #expect(throws: AccessRefusal.self) {
          try await verifier.caller(of: "\(header).\(parts[1]).\(signature)", at: nil)
        }
      }
    }
    for text in [
      "", ".", "..", "a.b", "a.b.c.d", String(repeating: ".", count: 1_000),
      String(repeating: "a", count: 20_000),
    ] {
      await #expect(throws: AccessRefusal.wrongCredentials) { try await verifier.caller(of: text, at: nil) }
    }
  }

  @Test("may be signed by an identity provider, whose public key is no secret to sign with")
  func published() async throws {
    let folder = try TemporaryFolder()
    let key = ES256PrivateKey()
    let parameters = try #require(key.parameters)
    let jwks = """
      {"keys": [{"kty": "EC", "crv": "P-256", "kid": "one", "x": "\(parameters.x)", "y": "\(parameters.y)"},
        {"kty": "something new", "kid": "two"}, {"kty": "oct", "kid": "three", "k": "c2VjcmV0"}]}
      """
    let file = try folder.write(jwks, to: "jwks.json")
    let verifier = try await verifier { configuration in
      configuration.jwtSecret = nil
      configuration.jwtJWKSFile = file
    }
    let signer = await JWTKeyCollection().add(ecdsa: key, kid: "one")
    let good = try await signer.sign(Claims(), kid: "one")
    #expect(try await verifier.caller(of: good, at: nil).id == "alice")
    for secret in [key.publicKey.pemRepresentation, jwks] {
      let confused = try await token(Claims(), secret: secret)
      await #expect(throws: AccessRefusal.wrongCredentials) {
        try await verifier.caller(of: confused, at: nil)
      }
    }
    withExtendedLifetime(folder) {}
  }
}

@Suite("Limits and addresses")
struct LimitTests {
  @Test("let a burst through, then as many as the rate allows")
  func bucket() async {
    let clock = TestClock()
    let limiter = MemoryRateLimiter { clock.now }
    let limit = RateLimit(requestsPerMinute: 60, burst: 3)
    for _ in 0..<3 { #expect(await limiter.wait(for: "a", limit) == nil) }
    #expect(await limiter.wait(for: "a", limit) == 1)
    #expect(await limiter.wait(for: "b", limit) == nil, "another's bucket is another's")
    clock.advance(by: .milliseconds(1_500))
    #expect(await limiter.wait(for: "a", limit) == nil)
    #expect(await limiter.wait(for: "a", limit) == 0.5)
    clock.advance(by: .seconds(3_600))
    for _ in 0..<3 { #expect(await limiter.wait(for: "a", limit) == nil) }
    #expect(await limiter.wait(for: "a", limit) != nil, "it holds no more than the burst")
  }

  @Test(
    "know which addresses are private",
    arguments: [
      ("127.0.0.1", true), ("10.1.2.3", true), ("172.16.0.1", true), ("172.32.0.1", false),
      ("192.168.1.1", true),
      ("169.254.169.254", true), ("100.64.0.1", true), ("0.0.0.0", true), ("255.255.255.255", true),
      ("8.8.8.8", false),
      ("::1", true), ("::", true), ("fe80::1", true), ("fd00::1", true), ("::ffff:127.0.0.1", true),
      ("::ffff:8.8.8.8", false), ("2606:4700::1", false), ("64:ff9b::a00:1", true),
    ])
  func privateAddresses(_ text: String, _ isPrivate: Bool) throws {
    #expect(try #require(NetworkAddress(text)).isPrivate == isPrivate)
  }

  @Test("know ranges of addresses")
  func ranges() throws {
    let range = try #require(AddressRange("10.8.0.0/13"))
    #expect(try range.contains(#require(NetworkAddress("10.15.255.255"))))
    #expect(try !range.contains(#require(NetworkAddress("10.16.0.0"))))
    #expect(try !range.contains(#require(NetworkAddress("::1"))))
    for wrong in [
      "", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0/8", "host", "10.0.0.0/8/8", "0x7f000001", "2130706433",
    ] {
      #expect(AddressRange(wrong) == nil)
    }
  }

  @Test("send webhooks to no name that stands for a private address, unless that is allowed")
  func webhooks() async {
    var configuration = ServiceConfiguration.Jobs()
    configuration.webhookHosts = ["localhost", "127.0.0.1"]
    #expect(await WebhookRules(configuration).address(of: "http://localhost:1/") == nil)
    #expect(await WebhookRules(configuration).address(of: "http://127.0.0.1:1/") == "127.0.0.1")
    configuration.webhookPrivate = true
    #expect(
      ["127.0.0.1", "::1"].contains(await WebhookRules(configuration).address(of: "http://localhost:1/")))
  }

  private final class TestClock: Sendable {
    private let time = Mutex(ContinuousClock.now)

    var now: ContinuousClock.Instant { time.withLock(\.self) }
    func advance(by duration: Duration) { time.withLock { $0 += duration } }
  }
}
