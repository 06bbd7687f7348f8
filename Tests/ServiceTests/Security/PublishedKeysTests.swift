import Foundation
import Hummingbird
import HummingbirdTesting
import JWTKit
import Logging
import NIOCore
import Synchronization
import Testing

@testable import Service

@Suite("Published keys")
struct PublishedKeysTests {
  private struct Claims: JWTPayload {
    var sub = "alice"
    var exp = Int(Date.now.timeIntervalSince1970) + 600
    var aud = "speech"

    func verify(using algorithm: some JWTAlgorithm) {}
  }

  /// An identity provider that takes its time, and fails as it is told to.
  private final class Provider: Sendable {
    private struct State {
      var published = ["one"]
      var failures = 0
      var isStalling = false
      var count = 0
    }

    private let keys = ["one": ES256PrivateKey(), "two": ES256PrivateKey()]
    private let state = Mutex(State())

    /// How often it was asked.
    var count: Int { state.withLock(\.count) }
    private var isStalling: Bool { state.withLock(\.isStalling) }

    func publish(_ names: String...) { state.withLock { $0.published = names } }
    func fail(times: Int) { state.withLock { $0.failures = times } }
    /// Sends no more than the beginning of its answers.
    func stall() { state.withLock { $0.isStalling = true } }
    func goOn() { state.withLock { $0.isStalling = false } }

    func token(by name: String) async throws -> String {
      let id = JWKIdentifier(string: name)
      let key = try #require(keys[name])
      let signer = await JWTKeyCollection().add(ecdsa: key, kid: id)
      return try await signer.sign(Claims(), kid: id)
    }

    private var text: String {
      let members = state.withLock(\.published).compactMap { name in
        keys[name]?.parameters.map { point in
          """
          {"kty": "EC", "crv": "P-256", "kid": "\(name)", "x": "\(point.x)", "y": "\(point.y)"}
          """
        }
      }
      return "{\"keys\": [\(members.joined(separator: ", "))]}"
    }

    var application: some ApplicationProtocol {
      let router = Router()
      router.get("/jwks") { _, _ in
        let fails = self.state.withLock { state in
          state.count += 1
          state.failures -= 1
          return state.failures >= 0
        }
        // So that others come meanwhile.
        try await Task.sleep(for: .milliseconds(300))
        guard !fails else { return Response(status: .serviceUnavailable) }
        let text = self.text
        let body = ResponseBody { writer in
          try await writer.write(ByteBuffer(string: String(text.prefix(1))))
          for _ in 0..<10_000 where self.isStalling { try await Task.sleep(for: .milliseconds(2)) }
          try await writer.write(ByteBuffer(string: String(text.dropFirst())))
          try await writer.finish(nil)
        }
        return Response(status: .ok, body: body)
      }
      return Application(router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)))
    }
  }

  private var logger: Logger {
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    return logger
  }

  private func security(_ client: any TestClientProtocol) throws -> ServiceConfiguration.Security {
    let port = try #require(client.port)
    var security = ServiceConfiguration.Security()
    (security.jwtAudience, security.jwtJWKSURL) = ("speech", "http://127.0.0.1:\(port)/jwks")
    return security
  }

  private func published(
    _ client: any TestClientProtocol, patience: Duration = .zero, limit: Duration = .seconds(20)
  ) throws -> PublishedKeys {
    let security = try security(client)
    return try #require(PublishedKeys(security, logger: logger, patience: patience, limit: limit))
  }

  @Test("are fetched once for all who come before they are there")
  func first() async throws {
    let provider = Provider()
    try await provider.application.test(.live) { client in
      let folder = try TemporaryFolder()
      let database = try NodeDatabase(at: folder.url.appending(path: "node.sqlite"))
      let doorkeeper = Doorkeeper(
        try security(client), keys: KeyDesk(store: DatabaseKeyStore(database: database)), redis: nil,
        logger: logger)
      let token = try await provider.token(by: "one")
      try await withThrowingTaskGroup(of: String.self) { group in
        for _ in 0..<10 {
          group.addTask { try await doorkeeper.caller(.init(secret: token, address: nil)).id }
        }
        for try await id in group { #expect(id == "alice") }
      }
      #expect(provider.count == 1)
      withExtendedLifetime(folder) {}
    }
  }

  @Test("are fetched once for all who come with a new one")
  func rotated() async throws {
    let provider = Provider()
    try await provider.application.test(.live) { client in
      let published = try published(client)
      _ = try await published.keys(knowing: "one")
      provider.publish("one", "two")
      let token = try await provider.token(by: "two")
      try await withThrowingTaskGroup(of: String.self) { group in
        for _ in 0..<10 {
          group.addTask { try await published.keys(knowing: "two").verify(token, as: Claims.self).sub }
        }
        for try await id in group { #expect(id == "alice") }
      }
      #expect(provider.count == 2)
    }
  }

  @Test("are fetched again soon when there are none yet, also for a token that names none")
  func failed() async throws {
    let provider = Provider()
    provider.fail(times: 1)
    try await provider.application.test(.live) { client in
      let published = try published(client)
      await #expect(throws: AccessRefusal.cannotTell) { try await published.keys(knowing: nil) }
      try await eventually { (try? await published.keys(knowing: nil)) != nil }
      #expect(provider.count == 2)
    }
  }

  @Test("are not fetched for every token while they are away, or do not have its key")
  func patient() async throws {
    let provider = Provider()
    provider.fail(times: 1)
    try await provider.application.test(.live) { client in
      let away = try published(client, patience: .seconds(3_600))
      for _ in 0..<10 {
        await #expect(throws: AccessRefusal.cannotTell) { try await away.keys(knowing: "one") }
      }
      #expect(provider.count == 1)
      let there = try published(client, patience: .seconds(3_600))
      for _ in 0..<10 { _ = try await there.keys(knowing: "unknown") }
      #expect(provider.count == 2)
    }
  }

  @Test("are not waited for without end when the answer stops in its middle")
  func stalled() async throws {
    let provider = Provider()
    provider.stall()
    try await provider.application.test(.live) { client in
      let published = try published(client, limit: .seconds(1))
      await #expect(throws: AccessRefusal.cannotTell) { try await published.keys(knowing: "one") }
      provider.goOn()
      try await eventually { (try? await published.keys(knowing: "one")) != nil }
    }
  }
}
