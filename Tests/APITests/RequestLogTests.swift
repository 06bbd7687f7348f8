import Foundation
import HTTPTypes
import HummingbirdTesting
import Logging
import NIOCore
import Service
import Testing

@testable import API

@Suite("Request identifiers and the log")
struct RequestLogTests {
  private static func identifier(given: String?) async throws -> String? {
    var headers: HTTPFields = [:]
    headers[.xRequestID] = given
    return try await TestServer().send(.get, "/api/v1/health", nil, headers).headers[.xRequestID]
  }

  @Test(
    "A client's identifier is kept",
    arguments: ["abc", "7f3a-11.x_Y:z", String(repeating: "a", count: 128)])
  func kept(identifier: String) async throws {
    #expect(try await Self.identifier(given: identifier) == identifier)
  }

  @Test(
    "An identifier unfit for logs is replaced, and a missing one made",
    arguments: [nil, "", "a b", "a\"b", "é", "<x>", String(repeating: "a", count: 129)])
  func replaced(identifier: String?) async throws {
    let made = try #require(try await Self.identifier(given: identifier))
    #expect(made != identifier)
    #expect(UUID(uuidString: made) != nil)
  }

  @Test("Refusals carry the identifier too")
  func onErrors() async throws {
    let response = try await TestServer().send(.get, "/nowhere", nil, [.xRequestID: "abc"])
    #expect(response.status == .notFound)
    #expect(response.headers[.xRequestID] == "abc")
    #expect(response.headers[.xContentTypeOptions] == "nosniff")
  }

  @Test("A request leaves one line: method, path, status, time, sizes, identifier")
  func line() async throws {
    let server = try TestServer()
    let body = Data(#"{"text": "Hi.", "model": "espeak"}"#.utf8)
    let response = try await server.send(
      .post, "/api/v1/tts/generate?secret=1", body, [.contentType: "application/json", .xRequestID: "abc"])
    #expect(server.log.requests.count == 1)
    let line = try #require(server.log.requests.first)
    #expect(line.level == .info)
    #expect(line.metadata["method"] == "POST")
    #expect(line.metadata["path"] == "/api/v1/tts/generate")
    #expect(line.metadata["status"] == "200")
    #expect(line.metadata["bytes_in"] == "\(body.count)")
    #expect(line.metadata["bytes_out"] == "\(response.body.readableBytes)")
    #expect(line.metadata["hb.request.id"] == "abc")
    #expect(line.metadata["ms"].flatMap(Double.init) != nil)
  }

  @Test(
    "The text is never logged, spoken or refused",
    arguments: [
      #"{"text": "Xylophone.", "model": "espeak"}"#, #"{"text": "Xylophone.", "speed": 9}"#,
      #"{"text": "Xylophone."#, #"{"text": "Xylophone.", "lexicon": {"en": {"Xylophone": ""}}}"#,
    ])
  func textIsPrivate(json: String) async throws {
    let server = try TestServer()
    _ = try await server.generate(json)
    #expect(!server.log.lines.isEmpty)
    for line in server.log.lines {
      #expect(!"\(line.message) \(line.metadata)".lowercased().contains("xylo"))
    }
  }

  @Test("A failure of the server's is logged with its cause")
  func failure() async throws {
    let server = try TestServer()
    try FileManager.default.removeItem(at: server.node.folders.temporary)
    _ = try await server.generate(#"{"text": "Hi.", "model": "espeak"}"#)
    let line = try #require(server.log.lines.first { $0.level == .error })
    #expect(line.metadata["code"] == "output_not_writable")
    #expect(server.log.requests.first?.level == .warning)
  }
}
