import Chatterbox
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Service
import Testing

@testable import API

@Suite("Presets over HTTP")
struct PresetRouteTests {
  private let server: TestServer

  init() throws { server = try TestServer() }

  private func send(_ method: HTTPRequest.Method, _ path: String, _ json: String? = nil) async throws
    -> TestResponse
  {
    try await server.send(method, "/api/v1/presets\(path)", json.map { Data($0.utf8) })
  }

  @Test("are made, used, replaced and removed")
  func life() async throws {
    let created = try await send(.post, "", #"{"name": "calm", "model": "turbo", "speed": 0.8}"#)
    #expect(created.status == .created)
    #expect(created.headers[.location] == "/api/v1/presets/calm")
    let spoken = try await server.generate(#"{"text": "Hi.", "use_case": "calm"}"#)
    #expect(spoken.status == .ok)
    #expect(try await send(.post, "", #"{"name": "calm", "model": "turbo"}"#).error().code == "preset_exists")
    #expect(try await send(.put, "/calm", #"{"model": "standard", "speed": 1.2}"#).status == .ok)
    #expect(String(buffer: try await send(.get, "/calm").body).contains(#""speed":1.2"#))
    #expect(try await send(.delete, "/calm").status == .noContent)
    #expect(try await send(.delete, "/calm").status == .notFound)
    #expect(
      try await server.generate(#"{"text": "Hi.", "use_case": "calm"}"#).error().code == "unknown_preset")
  }

  @Test("stand in for built-in ones until they are removed")
  func builtIn() async throws {
    #expect(try await send(.delete, "/narration").error().code == "preset_not_custom")
    #expect(try await send(.put, "/narration", #"{"model": "turbo", "speed": 1.5}"#).status == .ok)
    #expect(String(buffer: try await send(.get, "/narration").body).contains(#""origin":"custom""#))
    #expect(try await send(.delete, "/narration").status == .noContent)
    #expect(String(buffer: try await send(.get, "/narration").body).contains(#""origin":"built_in""#))
  }

  @Test(
    "must keep to the product's schema",
    arguments: [
      (#"{"model": "turbo"}"#, "name"), (#"{"name": "a b", "model": "turbo"}"#, "name"),
      (#"{"name": "a", "model": "nano"}"#, "model"), (#"{"name": "a"}"#, "model"),
      (#"{"name": "a", "model": "turbo", "speed": 3}"#, "speed"),
      (#"{"name": "a", "model": "turbo", "exaggeration": -1}"#, "exaggeration"),
      (#"{"name": "a", "model": "turbo", "cfg_weight": "x"}"#, "cfg_weight"),
      (#"{"name": "a", "model": "turbo", "volume": 1}"#, "volume"),
      (#"{"name": "../a", "model": "turbo"}"#, "name"),
    ])
  func schema(json: String, field: String) async throws {
    let response = try await send(.post, "", json)
    #expect(response.status == .unprocessableContent)
    #expect(try response.error().field == field)
  }

  @Test("are named by the path alone")
  func otherName() async throws {
    #expect(try await send(.put, "/a", #"{"name": "b", "model": "turbo"}"#).error().field == "name")
    #expect(try await send(.put, "/a", #"{"name": "a", "model": "turbo"}"#).status == .created)
  }
}

@Suite("Models over HTTP")
struct ModelRouteTests {
  private struct Model: Decodable {
    let name: String
    let installed: Bool
    let loaded: Bool
    let loaded_bytes: Int
    let in_flight: Int
  }

  private func model(_ response: TestResponse) throws -> Model {
    try #require(response.status == .ok, "\(String(buffer: response.body))")
    return try JSONDecoder().decode(Model.self, from: response.data)
  }

  @Test("are loaded and unloaded, and loaded again by a request")
  func loading() async throws {
    let server = try TestServer(engine: .init())
    #expect(try model(try await server.send(.get, "/api/v1/models/starter")).loaded == false)
    let loaded = try model(try await server.send(.post, "/api/v1/models/starter/load"))
    #expect(loaded.loaded && loaded.loaded_bytes > 1_000_000)
    #expect(try model(try await server.send(.post, "/api/v1/models/starter/unload")).loaded_bytes == 0)
    #expect(try await server.generate(#"{"text": "Hi.", "model": "starter"}"#).status == .ok)
    #expect(try model(try await server.send(.get, "/api/v1/models/starter")).loaded)
  }

  @Test("that do not exist, or are not installed, are refused in words")
  func unknown() async throws {
    let server = try TestServer()
    for path in ["", "/load", "/unload"] {
      let method: HTTPRequest.Method = path.isEmpty ? .get : .post
      let response = try await server.send(method, "/api/v1/models/startr\(path)")
      #expect(response.status == .notFound)
      #expect(try response.error().message.contains("starter"))
    }
    let bare = try TestServer(engine: try TestServer.bareEngine(try TemporaryFolder()))
    #expect(try await bare.send(.post, "/api/v1/models/turbo/load").status == .conflict)
    #expect(try await bare.send(.post, "/api/v1/models/turbo/unload").status == .conflict)
    #expect(
      try await bare.send(.post, "/api/v1/models/turbo/activate", Data(#"{"version": "1"}"#.utf8)).status
        == .conflict)
    #expect(
      try await server.send(.post, "/api/v1/models/starter/activate", Data(#"{"version": "1"}"#.utf8)).error()
        .code
        == "unknown_version")
    #expect(
      try await server.send(.post, "/api/v1/models/starter/activate", Data("{}".utf8)).error().field
        == "version")
  }
}

@Suite("Jobs over HTTP")
struct JobRouteTests {
  private struct Job: Decodable {
    struct Result: Decodable { let url: String }

    let id: String
    let status: String
    let progress: Double
    let result: Result?
  }

  private let server: TestServer

  init() throws { server = try TestServer() }

  private func job(_ response: TestResponse) throws -> Job {
    try #require(response.status.kind == .successful, "\(String(buffer: response.body))")
    return try JSONDecoder().decode(Job.self, from: response.data)
  }

  private func submit(_ json: String, _ headers: HTTPFields = [:]) async throws -> TestResponse {
    try await server.send(
      .post, "/api/v1/jobs", Data(json.utf8),
      headers + [HTTPField(name: .contentType, value: "application/json")])
  }

  @Test("are taken on, spoken, fetched and forgotten")
  func life() async throws {
    let accepted = try await submit(#"{"text": "One. Two. Three.", "model": "espeak", "format": "mp3"}"#)
    #expect(accepted.status == .accepted)
    let id = try job(accepted).id
    #expect(accepted.headers[.location] == "/api/v1/jobs/\(id)")
    #expect(try await server.send(.get, "/api/v1/jobs/\(id)/audio").error().code == "job_queued")
    let runner = Task { [server] in await server.node.jobs.runner?.run() }
    while try job(try await server.send(.get, "/api/v1/jobs/\(id)")).status != "done" {
      try await Task.sleep(for: .milliseconds(10))
    }
    let done = try job(try await server.send(.get, "/api/v1/jobs/\(id)"))
    #expect(done.progress == 1)
    let audio = try await server.send(.get, try #require(done.result?.url))
    #expect(audio.status == .ok && audio.headers[.contentType] == "audio/mpeg")
    #expect(try await server.send(.post, "/api/v1/jobs/\(id)/resume").error().code == "job_done")
    #expect(try await server.send(.delete, "/api/v1/jobs/\(id)").status == .noContent)
    #expect(try await server.send(.get, "/api/v1/jobs/\(id)").status == .notFound)
    runner.cancel()
    await runner.value
  }

  @Test("are listed, cancelled and resumed; no answer has the text")
  func listing() async throws {
    for index in 0..<3 { _ = try await submit(#"{"text": "Xylophone \#(index).", "model": "espeak"}"#) }
    let list = try await server.send(.get, "/api/v1/jobs?limit=2&offset=1")
    let jobs = try JSONDecoder().decode([String: [Job]].self, from: list.data)["jobs"]
    #expect(jobs?.count == 2)
    #expect(!String(buffer: list.body).contains("Xylophone"))
    let id = try #require(jobs?.first?.id)
    #expect(try job(try await server.send(.delete, "/api/v1/jobs/\(id)")).status == "cancelled")
    #expect(
      try JSONDecoder().decode(
        [String: [Job]].self, from: try await server.send(.get, "/api/v1/jobs?status=cancelled").data)[
          "jobs"]?.count == 1)
    #expect(try job(try await server.send(.post, "/api/v1/jobs/\(id)/resume")).status == "queued")
  }

  @Test("of the same idempotency key are one job")
  func idempotent() async throws {
    let headers: HTTPFields = [.idempotencyKey: "7"]
    let first = try job(try await submit(#"{"text": "Hi.", "model": "espeak"}"#, headers))
    let second = try job(try await submit(#"{"text": "Hi.", "model": "espeak"}"#, headers))
    #expect(first.id == second.id)
    let long: HTTPFields = [.idempotencyKey: String(repeating: "k", count: 256)]
    #expect(try await submit(#"{"text": "Hi."}"#, long).status == .unprocessableContent)
  }

  @Test("that make no sense are refused")
  func refusals() async throws {
    #expect(try await submit(#"{"text": "..."}"#).error().code == "empty_text")
    #expect(
      try await submit(#"{"text": "Hi.", "webhook_url": "http://localhost/"}"#).error().code
        == "webhook_not_allowed")
    #expect(try await submit(#"{"text": "Hi.", "webhook_url": 5}"#).error().field == "webhook_url")
    #expect(try await server.send(.get, "/api/v1/jobs?status=lost").error().field == "status")
    #expect(try await server.send(.get, "/api/v1/jobs?limit=0").error().field == "limit")
    #expect(try await server.send(.get, "/api/v1/jobs?offset=-1").error().field == "offset")
    for (method, path) in [(HTTPRequest.Method.get, ""), (.delete, ""), (.post, "/resume"), (.get, "/audio")]
    {
      #expect(try await server.send(method, "/api/v1/jobs/nothing\(path)").error().code == "unknown_job")
    }
  }
}

@Suite("Health over HTTP")
struct HealthRouteTests {
  @Test("lives always, and is ready only while it takes requests")
  func ready() async throws {
    let server = try TestServer()
    #expect(try await server.send(.get, "/health/live").status == .ok)
    #expect(try await server.send(.get, "/health/ready").status == .serviceUnavailable)
    server.node.lifecycle.enter(.running)
    #expect(try await server.send(.get, "/health/ready").status == .ok)
    server.node.lifecycle.enter(.stopping)
    await server.node.queue.close()
    let ready = try await server.send(.get, "/health/ready")
    #expect(ready.status == .serviceUnavailable && ready.headers[.retryAfter] == "5")
    let refused = try await server.generate(#"{"text": "Hi.", "model": "espeak"}"#)
    #expect(refused.status == .serviceUnavailable)
    #expect(try refused.error().code == "closing")
    #expect(try await server.send(.get, "/health/live").status == .ok)
  }

  @Test("has a port of its own for metrics")
  func metrics() async throws {
    let server = try TestServer { $0.monitoring.prometheusPort = 0 }
    let metrics = MetricsServer(node: server.node, host: "127.0.0.1", logger: server.log.logger)
    try await metrics.application().test(.router) { client in
      let answer = try await client.execute(uri: "/metrics", method: .get)
      #expect(answer.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
      #expect(String(buffer: answer.body).contains("chatterbox_build_info"))
      #expect(try await client.execute(uri: "/", method: .get).status == .notFound)
    }
    #expect(try await server.send(.get, "/metrics").status == .notFound)
  }
}
