import Audio
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Service
import Testing

@testable import API

@Suite("Batches")
struct BatchTests {
  private struct Manifest: Decodable {
    struct Item: Decodable {
      let id: String
      let status: String
      let url: String?
      let sha256: String?
      let language: String?
      let error: ErrorAnswer.Details?
    }

    let items: [Item]
    let done: Int
    let failed: Int
  }

  private func post(_ server: TestServer, _ json: String) async throws -> TestResponse {
    try await server.send(.post, "/api/v1/tts/batch", Data(json.utf8))
  }

  private func manifest(_ response: TestResponse) throws -> Manifest {
    try #require(response.status == .ok, "\(String(buffer: response.body))")
    return try JSONDecoder().decode(Manifest.self, from: response.data)
  }

  @Test("The product's airport is announced in four languages")
  func airport() async throws {
    let server = try TestServer()
    let response = try await post(
      server,
      """
      {"use_case": "announcement", "messages": {
        "en": "Welcome to Seoul International Airport.", "ko": "서울 국제공항에 오신 것을 환영합니다.",
        "ja": "ソウル国際空港へようこそ。", "zh": "欢迎来到首尔国际机场。"}}
      """)
    let manifest = try manifest(response)
    #expect(manifest.done == 4 && manifest.failed == 0)
    #expect(manifest.items.map(\.id).sorted() == ["en", "ja", "ko", "zh"])
    for item in manifest.items {
      #expect(item.language == item.id)
      let audio = try await server.send(.get, try #require(item.url))
      #expect(audio.status == .ok)
      #expect(SHA256Digest.hexadecimal(of: Array(audio.data)) == item.sha256)
      #expect(try WAVReader.read(Array(audio.data)).duration > 0.5)
    }
  }

  @Test("Items keep their order and their names, and say what they do differently")
  func items() async throws {
    let response = try await post(
      try TestServer(),
      #"{"model": "espeak", "items": [{"id": "a", "text": "One."}, {"text": "Zwei.", "language": "de"}, {"text": "Three."}]}"#
    )
    let manifest = try manifest(response)
    #expect(manifest.items.map(\.id) == ["a", "1", "2"])
    #expect(manifest.items.map(\.language) == ["en", "de", "en"])
  }

  @Test("Parts of kept audio can be fetched, and what has not changed is not sent again")
  func parts() async throws {
    let server = try TestServer()
    let manifest = try manifest(try await post(server, #"{"items": [{"text": "One.", "model": "espeak"}]}"#))
    let url = try #require(manifest.items.first?.url)
    let whole = try await server.send(.get, url)
    let part = try await server.send(.get, url, nil, [.range: "bytes=4-9"])
    #expect(part.status == .partialContent)
    #expect(part.data == whole.data[4..<10])
    #expect(part.headers[.contentRange] == "bytes 4-9/\(whole.data.count)")
    let same = try await server.send(.get, url, nil, [.ifNoneMatch: try #require(whole.headers[.eTag])])
    #expect(same.status == .notModified)
    let beyond = try await server.send(.get, url, nil, [.range: "bytes=99999999-"])
    #expect(beyond.status == .rangeNotSatisfiable)
    #expect(try await server.send(.get, "/api/v1/audio/..%2F..%2Fnode").status == .notFound)
  }

  @Test("Kept audio that was changed on the disk is never given out")
  func corrupted() async throws {
    let server = try TestServer()
    let manifest = try manifest(try await post(server, #"{"items": [{"text": "One.", "model": "espeak"}]}"#))
    let url = try #require(manifest.items.first?.url)
    let folder = server.node.folders.storage
    let name = try #require(
      FileManager.default.contentsOfDirectory(atPath: folder.path).first { $0.hasSuffix(".audio") })
    var data = try Data(contentsOf: folder.appending(path: name))
    data[100] ^= 1
    try data.write(to: folder.appending(path: name))
    let response = try await server.send(.get, url)
    #expect(response.status == .internalServerError)
    #expect(try response.error().code == "audio_damaged")
    try FileManager.default.removeItem(at: folder.appending(path: name))
    #expect(try await server.send(.get, url).status == .gone)
  }

  @Test(
    "A batch that makes no sense is refused before anything is spoken, and the field is named",
    arguments: [
      ("{}", "items"), (#"{"items": []}"#, "items"),
      (#"{"items": [{"text": "Hi."}, {"text": "..."}]}"#, "items[1].text"),
      (#"{"items": [{"text": "Hi.", "speed": 9}]}"#, "items[0].speed"),
      (#"{"items": [{}]}"#, "items[0].text"),
      (#"{"items": 5}"#, "items"), (#"{"items": [5]}"#, "items"),
      (#"{"messages": {"xx": "Hi."}}"#, "items[0].language"),
      (#"{"messages": {"en": 5}}"#, "messages"),
      (#"{"items": [{"id": "a", "text": "Hi."}, {"id": "a", "text": "Ho."}]}"#, "items"),
      (#"{"text": "Hi."}"#, "text"), (#"{"itms": []}"#, "itms"),
      (#"{"items": [{"id": "", "text": "Hi."}]}"#, "items[0].id"),
    ])
  func refusals(json: String, field: String) async throws {
    let server = try TestServer()
    let response = try await post(server, json)
    #expect(response.status == .unprocessableContent)
    #expect(try response.error().field == field)
    #expect(try FileManager.default.contentsOfDirectory(atPath: server.node.folders.storage.path).isEmpty)
  }

  @Test("A thousand and one items are too many")
  func tooMany() async throws {
    let items = [String](repeating: #"{"text": "Hi."}"#, count: 1_001).joined(separator: ",")
    #expect(try await post(try TestServer(), #"{"items": [\#(items)]}"#).error().field == "items")
  }
}
