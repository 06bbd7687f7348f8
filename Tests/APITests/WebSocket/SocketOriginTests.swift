import HummingbirdTesting
import Service
import Testing

@testable import API

/// A browser lets any page open a WebSocket to any server.
///
/// Source: RFC 6455, section 10.2.
@Suite("A WebSocket that a page asks for")
struct SocketOriginTests {
  /// The status of a handshake's answer. `PORT` is the server's.
  private func status(
    _ origin: String?, query: String = "", host: String = "127.0.0.1:PORT", of server: TestServer
  ) async throws -> Int {
    try await server.server.application().test(.live) { live in
      let port = try #require(live.port)
      func line(_ name: String, _ value: String) -> String {
        "\(name): \(value.replacing("PORT", with: "\(port)"))"
      }
      return try await RawRequest(
        "GET \(SocketHandshake.path)\(query) HTTP/1.1", line("Host", host), "Connection: Upgrade",
        "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        origin.map { line("Origin", $0) } ?? ""
      ).status(from: port)
    }
  }

  @Test(
    "is not opened for one of another site, whatever its address says",
    arguments: [
      ("https://evil.example", ""), ("https://evil.example", "?access_token=x"), ("null", "?access_token=x"),
      ("http://127.0.0.1:3000", ""), ("http://127.0.0.1", "?access_token=x"), ("http://localhost:PORT", ""),
    ])
  func foreign(origin: String, query: String) async throws {
    #expect(try await status(origin, query: query, of: TestServer()) == 403)
  }

  @Test("is not opened under somebody else's name")
  func rebound() async throws {
    let status = try await status("http://evil.example:PORT", host: "evil.example:PORT", of: TestServer())
    #expect(status == 421)
  }

  @Test("is opened for the server's own page, and for programs", arguments: ["http://127.0.0.1:PORT", nil])
  func own(origin: String?) async throws {
    #expect(try await status(origin, of: TestServer()) == 101)
    #expect(try await status(origin, query: "?access_token=x", of: TestServer()) == 101)
  }

  @Test("is opened for any with a good key, where keys are asked for")
  func keys() async throws {
    let server = try TestServer { $0.security.apiKeyEnabled = true }
    let made = try await server.node.keys.create(named: "page", scopes: [.speak])
    let origin = "https://app.example"
    #expect(try await status(origin, query: "?access_token=\(made.text)", of: server) == 101)
    #expect(try await status(origin, query: "?access_token=x", of: server) == 401)
    #expect(try await status(origin, of: server) == 401)
  }

  @Test("is written down when it is refused")
  func audited() async throws {
    let server = try TestServer()
    #expect(try await status("https://evil.example", query: "?access_token=x", of: server) == 403)
    let entry = try await server.firstAudited("GET \(SocketHandshake.path)")
    #expect(entry.core.status == 403)
    #expect(entry.core.outcome == "cross_site")
  }
}
