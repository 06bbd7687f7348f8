import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOHTTP1
import Service
import Testing

@testable import API

@Suite("The contract")
struct ContractTests {
  @Test("has every route of the server, and no other")
  func routes() async throws {
    let server = try TestServer()
    let response = try await server.send(.get, "/openapi.json")
    let document = try #require(JSONSerialization.jsonObject(with: response.data) as? [String: Any])
    let paths = try #require(document["paths"] as? [String: [String: Any]])
    let documented = Set(paths.flatMap { path, methods in methods.keys.map { "\($0.uppercased()) \(path)" } })
    let served = server.server.routes.map { route in
      let path = route.path.split(separator: "/", omittingEmptySubsequences: false).map { part in
        part.hasPrefix(":") ? "{\(part.dropFirst())}" : String(part)
      }
      return "\(route.method.rawValue) \(path.joined(separator: "/"))"
    }
    #expect(documented == Set(served))
    #expect(served.count == Set(served).count)
  }

  @Test("has every field of a request")
  func fields() async throws {
    let response = try await TestServer().send(.get, "/openapi.json")
    let document = try #require(JSONSerialization.jsonObject(with: response.data) as? [String: Any])
    let components = document["components"] as? [String: [String: [String: Any]]]
    let speech = try #require(components?["schemas"]?["Speech"]?["properties"] as? [String: Any])
    #expect(speech.keys.sorted() == RequestFields.names.sorted())
  }

  @Test(
    "and the page are not sent again when they have not changed",
    arguments: ["/", "/page.css", "/page.js", "/openapi.json"])
  func tags(path: String) async throws {
    let server = try TestServer()
    let first = try await server.send(.get, path)
    #expect(first.status == .ok && first.data.count > 500)
    let tag = try #require(first.headers[.eTag])
    #expect(try await server.send(.get, path, nil, [.ifNoneMatch: tag]).status == .notModified)
  }

  @Test("The page runs no script but its own")
  func policy() async throws {
    let page = try await TestServer().send(.get, "/")
    #expect(page.headers[.contentSecurityPolicy]?.contains("default-src 'self'") == true)
    let html = String(buffer: page.body)
    #expect(!html.contains("onclick=") && !html.contains("https://"))
  }
}

@Suite("A WebSocket's handshake")
struct SocketHandshakeTests {
  private static let whole: [(String, String)] = [
    ("Connection", "keep-alive, Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"),
    ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
  ]

  private func isWhole(
    _ headers: [(String, String)] = whole, _ path: String = SocketHandshake.path, _ method: HTTPMethod = .GET
  ) -> Bool {
    SocketHandshake(
      HTTPRequestHead(version: .http1_1, method: method, uri: path, headers: HTTPHeaders(headers))
    ).isWhole
  }

  @Test("is taken when it is whole")
  func whole() {
    #expect(isWhole())
    #expect(isWhole(Self.whole, SocketHandshake.path + "?model=starter"))
  }

  @Test("is plain HTTP when anything is missing or wrong", arguments: 0..<4)
  func missing(index: Int) {
    var headers = Self.whole
    headers.remove(at: index)
    #expect(!isWhole(headers))
    headers.append((Self.whole[index].0, "h2c"))
    #expect(!isWhole(headers))
  }

  @Test("is plain HTTP at another path, or with another method")
  func elsewhere() {
    #expect(!isWhole(Self.whole, "/api/v1/tts/ws/x"))
    #expect(!isWhole(Self.whole, SocketHandshake.path, .POST))
  }

  @Test("that is not whole is answered in words")
  func answer() async throws {
    let response = try await TestServer().send(.get, SocketHandshake.path)
    #expect(response.status == .upgradeRequired)
    #expect(response.headers[.secWebSocketVersion] == "13")
    #expect(try response.error().code == "upgrade_required")
  }
}
