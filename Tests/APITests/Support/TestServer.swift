import Audio
import Chatterbox
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Service
import Synchronization
import Testing

@testable import API

/// A server for one test, with a temporary folder and a log of its own.
struct TestServer {
  /// One engine for all tests, so that its weights are read once.
  static let engine = Result { try ChatterboxEngine() }

  let node: SpeechNode
  let server: Server
  let folder: TemporaryFolder
  let log: RecordedLog

  /// - Parameter change: what is not as by default.
  init(
    engine: ChatterboxEngine? = nil, host: String = "127.0.0.1", port: Int = 0,
    _ change: (inout ServiceConfiguration) -> Void = { _ in }
  ) throws {
    folder = try TemporaryFolder()
    log = RecordedLog()
    var configuration = ServiceConfiguration()
    change(&configuration)
    configuration.server.dataDirectory = folder.url.path
    node = try SpeechNode(
      engine: try engine ?? Self.engine.get(), configuration: configuration, logger: log.logger)
    server = Server(node: node, host: host, port: port, logger: log.logger)
  }

  /// How many requests are being spoken.
  var running: Int {
    get async { await node.queue.status().running }
  }

  /// What is left of audio that was made.
  var leftovers: [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: node.folders.temporary.path)) ?? ["(gone)"]
  }

  /// An engine that has only what the system brings, and falls back to nothing.
  static func bareEngine(_ folder: TemporaryFolder) throws -> ChatterboxEngine {
    var configuration = EngineConfiguration()
    configuration.modelsDirectory = folder.url.path
    configuration.fallback = .none
    return try ChatterboxEngine(configuration)
  }

  func send(
    _ method: HTTPRequest.Method = .post, _ path: String = "/api/v1/tts/generate", _ body: Data? = nil,
    _ headers: HTTPFields = [.contentType: "application/json"]
  ) async throws -> TestResponse {
    try await server.application().test(.router) { client in
      try await client.execute(
        uri: path, method: method, headers: headers, body: body.map { ByteBuffer(bytes: $0) })
    }
  }

  func generate(_ json: String) async throws -> TestResponse {
    try await send(.post, "/api/v1/tts/generate", Data(json.utf8))
  }

  func get<Value: Decodable>(_ path: String, _ type: Value.Type) async throws -> Value {
    let response = try await send(.get, path)
    #expect(response.status == .ok)
    return try JSONDecoder().decode(type, from: response.data)
  }
}

/// An error as the API writes it.
struct ErrorAnswer: Decodable {
  struct Details: Decodable {
    let code: String
    let message: String
    let field: String?
  }

  let error: Details
}

extension TestResponse {
  var data: Data { Data(body.readableBytesView) }

  /// The error that a refusal carries, read strictly: JSON with all three keys.
  func error() throws -> ErrorAnswer.Details {
    #expect(headers[.contentType] == "application/json")
    let object = try #require(JSONSerialization.jsonObject(with: data) as? [String: [String: Any]])
    #expect(object["error"]?.keys.sorted() == ["code", "field", "message"])
    return try JSONDecoder().decode(ErrorAnswer.self, from: data).error
  }

  /// The audio that a success carries.
  func audio() throws -> AudioBuffer {
    try #require(status == .ok, "\(String(buffer: body).prefix(300))")
    return try WAVReader.read(Array(data))
  }

  func warnings() throws -> [SpeechWarning] {
    guard let header = headers[.chatterboxWarnings] else { return [] }
    return try JSONDecoder().decode([SpeechWarning].self, from: Data(header.utf8))
  }
}
