import HummingbirdTesting
import Service
import Testing

@testable import API

/// Somebody's name can come to stand for this machine, and then a browser takes their page for the server's own.
@Suite("The name that a server on this machine is asked by")
struct LocalNameTests {
  private func status(
    _ host: String?, _ path: String = "/api/v1/keys", origin: String? = nil, of server: TestServer
  ) async throws -> Int {
    let request = RawRequest(
      "GET \(path) HTTP/1.\(host == nil ? 0 : 1)", host.map { "Host: \($0)" } ?? "",
      origin.map { "Origin: \($0)" } ?? "", "Connection: close")
    return try await server.server.application().test(.live) { try await request.status(from: $0.port) }
  }

  @Test(
    "must not be somebody else's",
    arguments: [
      "evil.example", "evil.example:8000", "localhost.evil.example", "127.0.0.1.evil.example", "2130706433",
      "192.0.2.1", "[2001:db8::1]:8000", "user@localhost", "localhost:port", "",
    ])
  func foreign(host: String) async throws {
    #expect(try await status(host, of: TestServer()) == 421)
  }

  @Test(
    "may be any that is this machine's, or none",
    arguments: ["localhost", "LOCALHOST:8000", "127.0.0.1:8000", "127.3.2.1", "[::1]:8000", nil])
  func own(host: String?) async throws {
    #expect(try await status(host, of: TestServer()) == 200)
  }

  @Test("must not be somebody else's, also when the page has it too")
  func rebound() async throws {
    #expect(try await status("evil.example", origin: "http://evil.example", of: TestServer()) == 421)
  }

  @Test("does not matter to open routes")
  func open() async throws {
    #expect(try await status("evil.example", "/health/live", of: TestServer()) == 200)
  }

  @Test("does not matter where keys are asked for, or a proxy passes on its own")
  func otherwise() async throws {
    let closed = try TestServer { $0.security.apiKeyEnabled = true }
    #expect(try await status("evil.example", of: closed) == 401)
    let behindProxy = try TestServer { $0.security.trustedProxies = ["127.0.0.1"] }
    #expect(try await status("tts.example", origin: "https://tts.example", of: behindProxy) == 200)
    #expect(try await status("tts.example", origin: "https://evil.example", of: behindProxy) == 403)
  }
}
