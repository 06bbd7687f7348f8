import Audio
import Chatterbox
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Service
import Testing

@testable import API

@Suite("A server on a real port")
struct LiveServerTests {
  /// More than a minute of work, so that what ends sooner was stopped.
  static let longText = String(repeating: "One two three four five six seven. ", count: 2_500)
  private static let long =
    #"{"text": "\#(longText)", "model": "starter"}"#

  private static func client(port: Int?) throws -> TestClient {
    TestClient(
      host: "127.0.0.1", port: try #require(port), configuration: .init(timeout: .seconds(30)))
  }

  private static func request(_ body: String) -> TestClient.Request {
    TestClient.Request(
      "/api/v1/tts/generate", method: .post, authority: "localhost",
      headers: [.contentType: "application/json"], body: ByteBuffer(string: body))
  }

  /// Waits for something that must come; the time limit only ends a test that would hang.
  private static func eventually(_ condition: () async -> Bool) async throws {
    let end = ContinuousClock.now + .seconds(30)
    while await !condition(), ContinuousClock.now < end { try await Task.sleep(for: .milliseconds(10)) }
    #expect(await condition())
  }

  @Test("Ten clients at once get their audio whole")
  func tenClients() async throws {
    let server = try TestServer()
    try await server.server.application().test(.ahc()) { client in
      try await withThrowingTaskGroup(of: TestResponse.self) { group in
        for seed in 0..<10 {
          group.addTask {
            try await client.execute(
              uri: "/api/v1/tts/generate", method: .post, headers: [.contentType: "application/json"],
              body: ByteBuffer(string: #"{"text": "Hello there.", "seed": \#(seed)}"#))
          }
        }
        for try await response in group {
          #expect(response.status == .ok)
          #expect(response.headers[.audioSHA256] == SHA256Digest.hexadecimal(of: Array(response.data)))
        }
      }
    }
    #expect(server.leftovers.isEmpty)
  }

  @Test("Long audio arrives whole, larger than every buffer on the way")
  func longAudio() async throws {
    let server = try TestServer()
    let text = String(repeating: "One two three. [pause 10s] ", count: 6)
    try await server.server.application().test(.live) { client in
      let response = try await client.execute(
        uri: "/api/v1/tts/generate", method: .post, headers: [.contentType: "application/json"],
        body: ByteBuffer(string: #"{"text": "\#(text)", "model": "espeak", "format": "wav_f32"}"#))
      #expect(response.body.readableBytes > 5_000_000)
      #expect(response.headers[.audioSHA256] == SHA256Digest.hexadecimal(of: Array(response.data)))
    }
  }

  @Test("A connection serves on after a refusal")
  func keepAlive() async throws {
    try await TestServer().server.application().test(.live) { client in
      for body in ["{", #"{"text": ""}"#, "{}"] {
        let response = try await client.execute(
          uri: "/api/v1/tts/generate", method: .post, headers: [.contentType: "application/json"],
          body: ByteBuffer(string: body))
        #expect(response.status.kind == .clientError)
      }
      #expect(try await client.execute(uri: "/api/v1/health", method: .get).status == .ok)
    }
  }

  @Test("A client that goes away stops the work, and nothing is left behind")
  func disconnect() async throws {
    let server = try TestServer { $0.queue.concurrent = 1 }
    try await server.server.application().test(.live) { live in
      let client = try Self.client(port: live.port)
      client.connect()
      try await client.executeAndDontWaitForResponse(Self.request(Self.long))
      try await Self.eventually { await server.running == 1 }
      try await client.shutdown()
      try await Self.eventually { await server.running == 0 }
      try await Self.eventually { server.log.requests.count == 1 }
      #expect(server.log.requests.first?.metadata["status"] == "499")
      let next = try await live.execute(
        uri: "/api/v1/tts/generate", method: .post, headers: [.contentType: "application/json"],
        body: ByteBuffer(string: #"{"text": "Hi.", "model": "espeak"}"#))
      #expect(next.status == .ok)
    }
  }

  @Test("While the queue is full, one more request is refused, and told when to come back")
  func busy() async throws {
    let server = try TestServer { $0.queue = .init(capacity: 1, concurrent: 1) }
    try await server.server.application().test(.live) { live in
      let client = try Self.client(port: live.port)
      client.connect()
      try await client.executeAndDontWaitForResponse(Self.request(Self.long))
      try await Self.eventually { await server.running == 1 }
      let second = try Self.client(port: live.port)
      second.connect()
      try await second.executeAndDontWaitForResponse(Self.request(#"{"text": "One."}"#))
      try await Self.eventually { await server.node.queue.status().depth == 1 }
      let refused = try await live.execute(
        uri: "/api/v1/tts/generate", method: .post, body: ByteBuffer(string: #"{"text": "Hi."}"#))
      #expect(refused.status == .tooManyRequests)
      #expect(refused.headers[.retryAfter].flatMap(Int.init) ?? 0 >= 1)
      #expect(try refused.error().code == "queue_full")
      #expect(try await live.execute(uri: "/api/v1/health", method: .get).status == .ok)
      try await client.shutdown()
      try await second.shutdown()
    }
  }

  @Test("A cancelled task stops the work, and nothing is left behind")
  func cancellation() async throws {
    let server = try TestServer()
    let task = Task { try await server.generate(Self.long) }
    try await Self.eventually { await server.running == 1 }
    task.cancel()
    _ = await task.result
    try await Self.eventually { await server.running == 0 }
  }

  @Test("Only the server's user can look into its folders")
  func privateFolders() async throws {
    let server = try TestServer()
    for folder in [server.node.folders.temporary, server.node.folders.cache, server.node.folders.storage] {
      let permissions =
        try FileManager.default.attributesOfItem(atPath: folder.path)[.posixPermissions] as? Int
      #expect(permissions == 0o700)
    }
  }

  @Test("A port that is in use is named in the error")
  func portInUse() async throws {
    try await TestServer().server.application().test(.live) { live in
      let port = try #require(live.port)
      let second = try TestServer(port: port) { $0.monitoring.enabled = false }
      await #expect(throws: ServerError.portInUse(host: "127.0.0.1", port: port)) {
        try await second.server.run()
      }
    }
  }

  @Test("A port for metrics that is in use is named with its setting")
  func metricsPortInUse() async throws {
    try await TestServer().server.application().test(.live) { live in
      let port = try #require(live.port)
      let second = try TestServer { $0.monitoring.prometheusPort = port }
      await #expect {
        try await second.server.run()
      } throws: { error in
        "\(error)".contains("monitoring.prometheus_port")
      }
    }
  }

  @Test("A port that does not exist is an error, not a crash", arguments: [-1, 65_536])
  func invalidPort(port: Int) async throws {
    let server = try TestServer(port: port).server
    await #expect(throws: ServerError.invalidPort(port)) { try await server.run() }
  }

  @Test("An address that the machine does not have is an error that names it")
  func foreignAddress() async throws {
    let test = try TestServer(host: "192.0.2.1") { $0.monitoring.enabled = false }
    await #expect {
      try await test.server.run()
    } throws: { error in
      "\(error)".contains("192.0.2.1")
    }
  }
}
