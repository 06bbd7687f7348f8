import Foundation
import HTTPTypes
import HummingbirdTesting
import Service
import Testing

@testable import API

/// A page, as its reader's browser speaks for it to a server that is asked as `localhost`.
struct Page: Sendable, CustomTestStringConvertible {
  let origin: String?
  let relation: String?

  init(_ origin: String?, _ relation: String? = nil) { (self.origin, self.relation) = (origin, relation) }

  var headers: HTTPFields {
    var headers: HTTPFields = [:]
    headers[.origin] = origin
    if let name = HTTPField.Name("Sec-Fetch-Site") { headers[name] = relation }
    return headers
  }

  var testDescription: String { "\(origin ?? "no origin"), \(relation ?? "no relation")" }
}

@Suite("A page of another site, where nobody needs a key")
struct ForeignPageTests {
  static let foreign = [
    Page("https://evil.example", "cross-site"), Page("https://evil.example"), Page("null"),
    Page("http://localhost:3000", "same-site"), Page("http://localhost:3000"), Page("http://127.0.0.1"),
    Page(nil, "cross-site"), Page(nil, "same-site"),
  ]
  static let own = [
    Page("http://localhost", "same-origin"), Page("http://localhost"), Page("https://localhost"),
    Page(nil, "same-origin"), Page(nil, "none"), Page(nil),
  ]
  private static let newKey = Data(#"{"name": "theirs", "scopes": ["admin"]}"#.utf8)

  private struct Answer: Decodable {
    struct Details: Decodable { let code: String }

    let error: Details
  }

  /// The code of a refusal, whichever interface it is of.
  private func code(of response: TestResponse) throws -> String {
    try JSONDecoder().decode(Answer.self, from: response.data).error.code
  }

  @Test("may ask for nothing", arguments: foreign)
  func refused(page: Page) async throws {
    let server = try TestServer()
    let calls: [(HTTPRequest.Method, String)] = [
      (.post, "/api/v1/keys"), (.post, "/api/v1/keys/x/rotate"), (.get, "/api/v1/keys"),
      (.post, "/api/v1/models/starter/unload"), (.post, "/api/v1/models/starter/load"),
      (.post, "/api/v1/voices"), (.get, "/api/v1/voices/default/preview"), (.post, "/api/v1/tts/generate"),
      (.delete, "/api/v1/audit/subjects/x"), (.post, "/v1/audio/speech"), (.get, "/v1/models"),
      (.get, SocketHandshake.path),
    ]
    for (method, path) in calls {
      let response = try await server.send(method, path, method == .post ? Self.newKey : nil, page.headers)
      #expect(response.status == .forbidden, "\(method) \(path)")
      #expect(try code(of: response) == "cross_site", "\(method) \(path)")
    }
    #expect(try await server.node.keys.keys().isEmpty)
  }

  @Test("is not taken for the server's own, nor for a program", arguments: own)
  func taken(page: Page) async throws {
    let server = try TestServer()
    // What says nothing of its type counts as JSON.
    let response = try await server.send(.post, "/api/v1/keys", Self.newKey, page.headers)
    #expect(response.status == .created)
    #expect(try await server.send(.get, "/v1/models", nil, page.headers).status == .ok)
  }

  @Test("may lead to the open routes", arguments: ["/", "/openapi.json", "/api/v1/health", "/health/live"])
  func open(path: String) async throws {
    let response = try await TestServer().send(.get, path, nil, Page(nil, "cross-site").headers)
    #expect(response.status == .ok)
  }

  @Test("counts for nobody's rate limit")
  func rateLimit() async throws {
    let server = try TestServer {
      $0.security.rateLimit = RateLimit(requestsPerMinute: 1, burst: 1)
    }
    for _ in 0..<3 {
      let response = try await server.send(.get, "/api/v1/keys", nil, Self.foreign[0].headers)
      #expect(response.status == .forbidden)
    }
    #expect(try await server.send(.get, "/api/v1/languages").status == .ok)
  }

  @Test("is written down when it is refused")
  func audited() async throws {
    let server = try TestServer()
    _ = try await server.send(.post, "/api/v1/keys", Self.newKey, Self.foreign[0].headers)
    let entry = try await server.firstAudited("POST /api/v1/keys")
    #expect(entry.core.status == 403)
    #expect(entry.core.outcome == "cross_site")
    #expect(entry.core.actor == .address)
  }

  @Test("is let in with a key, where keys are asked for", arguments: foreign)
  func withKey(page: Page) async throws {
    let server = try TestServer { $0.security.apiKeyEnabled = true }
    let made = try await server.node.keys.create(named: "page", scopes: [.read])
    var headers = page.headers
    #expect(try await server.send(.get, "/api/v1/languages", nil, headers).status == .unauthorized)
    headers[.authorization] = "Bearer \(made.text)"
    #expect(try await server.send(.get, "/api/v1/languages", nil, headers).status == .ok)
  }
}
