import Chatterbox
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Testing

@testable import API

@Suite("Lists and health")
struct InventoryTests {
  private struct SpokenLanguage: Decodable {
    let code: String
    let name: String
    let models: [String]
  }

  private struct HealthAnswer: Decodable {
    let status: String
    let version: String
    let models: [String]
    let uptime_seconds: Int
  }

  @Test("The models that can be named are listed with whether they are here")
  func models() async throws {
    let models = try #require(
      try await TestServer().get("/api/v1/models", [String: [ModelStatus]].self)["models"])
    #expect(
      Set(models.map(\.name)).isSuperset(of: ["standard", "turbo", "multilingual", "starter", "espeak"]))
    #expect(models.first { $0.name == "starter" }?.installed == true)
    #expect(models.first { $0.name == "standard" }?.installed == false)
    #expect(models.first { $0.name == "multilingual" }?.languages.count == 23)
  }

  @Test("The five presets are listed with the schema's field names")
  func presets() async throws {
    let server = try TestServer()
    let presets = try #require(
      try await server.get("/api/v1/presets", [String: [Preset]].self)["presets"])
    #expect(Set(presets).isSuperset(of: Preset.builtIn))
    let body = String(buffer: try await server.send(.get, "/api/v1/presets").body)
    #expect(body.contains(#""paralinguistic_prefix":"[clears throat]""#))
    #expect(body.contains(#""cfg_weight":0.4"#))
  }

  @Test("A preset of the configuration is listed and can be used")
  func ownPreset() async throws {
    var configuration = EngineConfiguration()
    configuration.presets = [Preset(name: "kiosk", model: "turbo", speed: 1.2)]
    let server = try TestServer(engine: ChatterboxEngine(configuration))
    let presets = try await server.get("/api/v1/presets", [String: [Preset]].self)["presets"]
    #expect(presets?.map(\.name).contains("kiosk") == true)
    #expect(try await server.generate(#"{"text": "Hi.", "use_case": "kiosk"}"#).status == .ok)
  }

  @Test("All 23 languages are listed with the installed models that speak them")
  func languages() async throws {
    let languages = try #require(
      try await TestServer().get("/api/v1/languages", [String: [SpokenLanguage]].self)["languages"])
    #expect(languages.count == 23)
    let english = languages.first { $0.code == "en" }
    #expect(english?.name == "English")
    #expect(english?.models == ["starter", "espeak"])
    #expect(languages.first { $0.code == "ko" }?.models == ["espeak"])
  }

  @Test("A server that can speak is healthy")
  func healthy() async throws {
    let health = try await TestServer().get("/api/v1/health", HealthAnswer.self)
    #expect(health.status == "ok")
    #expect(health.version == Server.version)
    #expect(health.models == ["starter", "espeak"])
    #expect(health.uptime_seconds >= 0)
  }

  @Test("A server with nothing to speak with is degraded")
  func degraded() throws {
    let status = #"{"name": "starter", "description": "", "languages": ["en"], "installed": false}"#
    let absent = try JSONDecoder().decode(ModelStatus.self, from: Data(status.utf8))
    let health = Health(of: [absent], uptime: .seconds(90))
    #expect(health.models.isEmpty)
    #expect(health.uptime == 90)
    #expect(try health.response().status == .serviceUnavailable)
    let body = try JSONSerialization.jsonObject(with: JSONEncoder().encode(health)) as? [String: Any]
    #expect(body?["status"] as? String == "degraded")
  }

  @Test("HEAD answers as GET does, without the body")
  func head() async throws {
    let response = try await TestServer().send(.head, "/api/v1/models")
    #expect(response.status == .ok)
    #expect(response.headers[.contentType] == "application/json")
    #expect(response.body.readableBytes == 0)
  }

  @Test("A slash at the end of a path does not matter")
  func trailingSlash() async throws {
    #expect(try await TestServer().send(.get, "/api/v1/health/").status == .ok)
  }
}
