import Chatterbox
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Service
import Testing

@testable import API

/// A body, and how it must be refused.
struct Refusal: Sendable, CustomTestStringConvertible {
  let body: String
  let status: Int
  let code: String
  let field: String?
  /// What the message must say.
  let says: String?

  init(_ body: String, _ status: Int, _ code: String, _ field: String? = nil, says: String? = nil) {
    self.body = body
    self.status = status
    self.code = code
    self.field = field
    self.says = says
  }

  var testDescription: String { "\(body.prefix(60)) → \(status) \(code)" }
}

@Suite("Refusing requests")
struct RefusalTests {
  static let refusals: [Refusal] = [
    Refusal("", 400, "invalid_json"),
    Refusal("hello", 400, "invalid_json"),
    Refusal(#"{"text": "Hi."#, 400, "invalid_json"),
    Refusal(#"{"text": "Hi."} {}"#, 400, "invalid_json"),
    Refusal(#"{'text': 'Hi.'}"#, 400, "invalid_json"),
    Refusal("[]", 400, "invalid_json", says: "JSON object"),
    Refusal(#""Hi.""#, 400, "invalid_json", says: "JSON object"),
    Refusal("17", 400, "invalid_json", says: "JSON object"),
    Refusal("null", 400, "invalid_json", says: "JSON object"),
    Refusal(#"{"text": "Hi.", "speed": NaN}"#, 400, "invalid_json"),
    Refusal("{}", 422, "invalid_value", "text", says: "missing"),
    Refusal(#"{"text": null}"#, 422, "invalid_value", "text", says: "missing"),
    Refusal(#"{"text": 5}"#, 422, "invalid_value", "text", says: "string"),
    Refusal(#"{"text": ["Hi."]}"#, 422, "invalid_value", "text", says: "string"),
    Refusal(#"{"text": "\ud800"}"#, 422, "invalid_value", "text", says: "Unicode"),
    Refusal(#"{"text": "Hi \udc00 there"}"#, 422, "invalid_value", "text", says: "Unicode"),
    Refusal(#"{"text": ""}"#, 422, "empty_text", "text"),
    Refusal(#"{"text": "  \n "}"#, 422, "empty_text", "text"),
    Refusal(#"{"text": "?!… 😀"}"#, 422, "empty_text", "text"),
    Refusal(#"{"text": "Hi.", "texst": "x"}"#, 422, "unknown_field", "texst", says: "'text'"),
    Refusal(#"{"text": "Hi.", "usecase": "x"}"#, 422, "unknown_field", "usecase", says: "'use_case'"),
    Refusal(#"{"text": "Hi.", "": 1}"#, 422, "unknown_field", ""),
    Refusal(#"{"text": "Hi.", "language": "xx"}"#, 422, "unknown_language", "language"),
    Refusal(#"{"text": "Hi.", "language": 1}"#, 422, "invalid_value", "language", says: "string"),
    Refusal(#"{"text": "Hi.", "model": "turbro"}"#, 422, "unknown_model", "model", says: "'turbo'"),
    Refusal(#"{"text": "Hi.", "model": {}}"#, 422, "invalid_value", "model", says: "string"),
    Refusal(#"{"text": "안녕", "language": "ko", "model": "turbo"}"#, 422, "invalid_value", "model"),
    Refusal(
      #"{"text": "Hi.", "use_case": "emergency"}"#, 422, "unknown_preset", "use_case", says: "emergency_alert"
    ),
    Refusal(#"{"text": "Hi.", "use_case": false}"#, 422, "invalid_value", "use_case", says: "string"),
    Refusal(
      #"{"text": "Hi.", "use_case": "narration", "preset": "character"}"#, 422, "invalid_value", "preset",
      says: "differ"),
    Refusal(#"{"text": "Hi.", "exaggeration": 2.1}"#, 422, "invalid_value", "exaggeration", says: "2"),
    Refusal(#"{"text": "Hi.", "exaggeration": -0.1}"#, 422, "invalid_value", "exaggeration", says: "0"),
    Refusal(#"{"text": "Hi.", "exaggeration": "a"}"#, 422, "invalid_value", "exaggeration", says: "number"),
    Refusal(#"{"text": "Hi.", "cfg_weight": 1.5}"#, 422, "invalid_value", "cfg_weight", says: "1"),
    Refusal(#"{"text": "Hi.", "speed": 0.4}"#, 422, "invalid_value", "speed", says: "0.5"),
    Refusal(#"{"text": "Hi.", "speed": 2.5}"#, 422, "invalid_value", "speed", says: "2"),
    Refusal(#"{"text": "Hi.", "speed": true}"#, 422, "invalid_value", "speed", says: "number"),
    Refusal(#"{"text": "Hi.", "speed": 1e999}"#, 422, "invalid_value", "speed", says: "number"),
    Refusal(#"{"text": "Hi.", "speed": -1e999}"#, 422, "invalid_value", "speed", says: "number"),
    Refusal(#"{"text": "Hi.", "seed": -1}"#, 422, "invalid_value", "seed", says: "whole number"),
    Refusal(#"{"text": "Hi.", "seed": 1.5}"#, 422, "invalid_value", "seed", says: "whole number"),
    Refusal(#"{"text": "Hi.", "seed": "7"}"#, 422, "invalid_value", "seed", says: "whole number"),
    Refusal(#"{"text": "Hi.", "seed": 9007199254740993}"#, 422, "invalid_value", "seed", says: "740992"),
    Refusal(#"{"text": "Hi.", "seed": 1e999}"#, 422, "invalid_value", "seed", says: "whole number"),
    Refusal(#"{"text": "Hi.", "format": "mp4"}"#, 422, "invalid_value", "format", says: "wav_f32"),
    Refusal(#"{"text": "Hi.", "format": 1}"#, 422, "invalid_value", "format", says: "string"),
    Refusal(#"{"text": "Hi.", "lexicon": []}"#, 422, "invalid_value", "lexicon", says: "object"),
    Refusal(
      #"{"text": "Hi.", "lexicon": {"en": {"a": 1}}}"#, 422, "invalid_value", "lexicon", says: "object"),
    Refusal(#"{"text": "Hi.", "lexicon": {"xx": {"a": "b"}}}"#, 422, "invalid_value", "lexicon", says: "xx"),
    Refusal(#"{"text": "[pause forever] Hi."}"#, 422, "invalid_value", "text"),
  ]

  @Test("A bad body is refused with a code, a field and advice", arguments: refusals)
  func refuses(_ refusal: Refusal) async throws {
    let server = try TestServer()
    let response = try await server.generate(refusal.body)
    #expect(response.status.code == refusal.status)
    let error = try response.error()
    #expect(error.code == refusal.code)
    #expect(error.field == refusal.field)
    if let words = refusal.says { #expect(error.message.contains(words)) }
    #expect(server.leftovers.isEmpty)
  }

  @Test("A body that is not UTF-8 is refused")
  func invalidUTF8() async throws {
    let body = Data(#"{"text": "Hi"#.utf8) + Data([0xFF, 0xFE]) + Data(#""}"#.utf8)
    let response = try await TestServer().send(.post, "/api/v1/tts/generate", body)
    #expect(response.status == .badRequest)
    #expect(try response.error().code == "invalid_json")
  }

  @Test("A text over the limit is refused")
  func textTooLong() async throws {
    let text = String(repeating: "a", count: 100_001)
    let response = try await TestServer().generate(#"{"text": "\#(text)"}"#)
    #expect(response.status == .contentTooLarge)
    #expect(try response.error().code == "text_too_long")
    #expect(try response.error().field == "text")
  }

  @Test("A body over the limit is refused, whether it says its length or not")
  func bodyTooLarge() async throws {
    let server = try TestServer { $0.server.maxBodyBytes = 100 }
    let body = Data(#"{"text": "\#(String(repeating: "a", count: 100))"}"#.utf8)
    for headers: HTTPFields in [[:], [.contentLength: "\(body.count)"]] {
      let response = try await server.send(.post, "/api/v1/tts/generate", body, headers)
      #expect(response.status == .contentTooLarge)
      #expect(try response.error().code == "body_too_large")
      #expect(try response.error().message.contains("100 bytes"))
    }
  }

  @Test("A body that is exactly at the limit is taken")
  func bodyAtLimit() async throws {
    let body = #"{"text": "Hi.", "model": "espeak"}"#
    let response = try await TestServer { $0.server.maxBodyBytes = body.utf8.count }.generate(body)
    #expect(response.status == .ok)
  }

  @Test(
    "A body that says it is no JSON is refused",
    arguments: ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""])
  func contentType(type: String) async throws {
    let response = try await TestServer().send(
      .post, "/api/v1/tts/generate", Data(GenerateTests.short.utf8), [.contentType: type])
    #expect(response.status == .unsupportedMediaType)
    #expect(try response.error().code == "unsupported_media_type")
    #expect(try response.error().message.contains("application/json"))
  }

  @Test(
    "An unknown path is not found",
    arguments: ["/index.html", "/api/v1", "/api/v2/health", "/api/v1/tts/generate/x", "/%00"])
  func unknownPath(path: String) async throws {
    let response = try await TestServer().send(.get, path)
    #expect(response.status == .notFound)
    #expect(try response.error().code == "not_found")
  }

  @Test(
    "A wrong method is refused with those that are right",
    arguments: [
      (HTTPRequest.Method.get, "/api/v1/tts/generate", "POST"), (.put, "/api/v1/tts/generate/", "POST"),
      (.post, "/api/v1/models", "GET, HEAD"), (.delete, "/api/v1/health", "GET, HEAD"),
    ])
  func wrongMethod(method: HTTPRequest.Method, path: String, allowed: String) async throws {
    let response = try await TestServer().send(method, path)
    #expect(response.status == .methodNotAllowed)
    #expect(response.headers[.allow] == allowed)
    #expect(try response.error().code == "method_not_allowed")
  }

  @Test("Without models and fallback, a model is asked for in vain", arguments: ["standard", "starter"])
  func notInstalled(model: String) async throws {
    let folder = try TemporaryFolder()
    let server = try TestServer(engine: TestServer.bareEngine(folder))
    let response = try await server.generate(#"{"text": "Hi.", "model": "\#(model)"}"#)
    #expect(response.status == .serviceUnavailable)
    #expect(try response.error().code == "model_not_installed")
    #expect(try response.error().field == "model")
  }

  @Test("A full or missing temporary folder is the server's fault, and says so")
  func notWritable() async throws {
    let server = try TestServer()
    try FileManager.default.removeItem(at: server.node.folders.temporary)
    let response = try await server.generate(#"{"text": "Hi.", "model": "espeak"}"#)
    #expect(response.status.code == 507)
    #expect(try response.error().code == "output_not_writable")
  }

  @Test(
    "Every failure of the engine has its status",
    arguments: [
      (ChatterboxError.Code.emptyText, 422), (.textTooLong, 413), (.unknownLanguage, 422),
      (.unknownPreset, 422),
      (.unknownModel, 422), (.unknownField, 422), (.invalidValue, 422), (.modelNotInstalled, 503),
      (.modelUnreadable, 500), (.toolUnavailable, 503), (.outputRejected, 500), (.outputNotWritable, 507),
    ])
  func statuses(code: ChatterboxError.Code, status: Int) {
    let shown = APIError(presenting: ChatterboxError(code, "Why.", field: "text"))
    #expect(shown.status.code == status)
    #expect(shown.code == code.rawValue)
    #expect(shown.message == "Why.")
    #expect(shown.field == "text")
  }

  @Test("A surprise is shown without its details")
  func surprise() {
    struct Surprise: Error { let secret = "the text" }
    let shown = APIError(presenting: Surprise())
    #expect(shown.status.code == 500)
    #expect(shown.code == "internal_error")
    #expect(!shown.message.contains("secret") && !shown.message.contains("Surprise"))
  }
}
