import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Service
import Testing

@testable import API

@Suite("Hostile JSON")
struct HostileJSONTests {
  @Test(
    "Deep nesting is refused, wherever it is",
    arguments: [
      String(repeating: "[", count: 100_000),
      String(repeating: #"{"text":"#, count: 100_000),
      #"{"text": "# + String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000) + "}",
      #"{"text": "Hi.", "lexicon": "# + String(repeating: #"{"en":"#, count: 100_000) + "1"
        + String(repeating: "}", count: 100_001),
    ])
  func nesting(json: String) async throws {
    let response = try await TestServer().generate(json)
    #expect(response.status == .badRequest)
    #expect(try response.error().code == "invalid_json")
  }

  @Test("Of a field given twice, the first counts")
  func duplicateKeys() async throws {
    let response = try await TestServer().generate(
      #"{"text": "Hi.", "seed": 7, "seed": 8, "model": "espeak"}"#)
    #expect(response.headers[.chatterboxSeed] == "7")
  }

  @Test("A number of 100,000 digits is refused")
  func longNumber() async throws {
    let response = try await TestServer().generate(
      #"{"text": "Hi.", "seed": 1\#(String(repeating: "0", count: 100_000))}"#)
    #expect(response.status == .unprocessableContent)
    #expect(try response.error().field == "seed")
  }

  @Test("An unknown field's name is not given back at length")
  func longName() async throws {
    let response = try await TestServer().generate(
      #"{"text": "Hi.", "\#(String(repeating: "x", count: 100_000))": 1}"#)
    #expect(response.status == .unprocessableContent)
    #expect(response.body.readableBytes < 1_000)
  }

  @Test("100,000 unknown fields are refused")
  func manyFields() async throws {
    let fields = (0..<100_000).map { #""f\#($0)": 1"# }.joined(separator: ",")
    let response = try await TestServer { $0.server.maxBodyBytes = 1 << 24 }.generate("{\(fields)}")
    #expect(response.status == .unprocessableContent)
    #expect(try response.error().code == "unknown_field")
  }

  @Test("A text may hold any characters, NUL and lone marks included")
  func oddCharacters() async throws {
    let response = try await TestServer().generate(
      #"{"text": "\u0000\u202e\ufeff Hi\u0301. \ud83d\ude00", "model": "espeak"}"#)
    #expect(response.status == .ok)
  }

  @Test("200 damaged bodies are answered or refused, never a failure of the server's")
  func fuzz() async throws {
    let server = try TestServer()
    var mutator = JSONMutator(seed: 20_241_125)
    for _ in 0..<200 {
      let body = mutator.next()
      let response = try await server.send(.post, "/api/v1/tts/generate", Data(body))
      let sent = String(decoding: body, as: UTF8.self)
      #expect(response.status.code < 500, "\(sent): \(String(buffer: response.body))")
    }
    #expect(server.leftovers.isEmpty)
    #expect(server.log.requests.count == 200)
  }
}

/// Damages a valid body in ways that clients and attackers do. The same seed, the same damage.
struct JSONMutator {
  private static let valid = Array(
    #"{"text":"Hi.","language":"en","model":"espeak","use_case":"narration","speed":1.5,"seed":7}"#.utf8)
  private static let tokens: [[UInt8]] = [
    "{", "}", "[", "]", "\"", ",", ":", "null", "true", "-", "1e999", "1e-5", "0.5", "\\u0000", "\\ud800",
    "\\",
    "é", "漢", "[pause 1s]", "[laugh]", "\"text\":\"x\",", "\u{FEFF}", "\n", "\0",
  ].map { Array($0.utf8) }

  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> [UInt8] {
    var body = Self.valid
    for _ in 0...below(3) {
      let start = below(body.count)
      let few = start..<min(start + below(20), body.count)
      let token = Self.tokens[below(Self.tokens.count)]
      switch below(6) {
      case 0: body[start] = UInt8(below(256))
      case 1: body.remove(at: start)
      case 2: body.insert(contentsOf: token, at: start)
      case 3: body.replaceSubrange(few, with: token)
      case 4: body.insert(contentsOf: body[few], at: below(body.count))
      default: if below(4) == 0 { body.removeSubrange((start + 1)...) }
      }
    }
    return body
  }

  /// A number below a limit, by Knuth's linear congruential generator.
  private mutating func below(_ limit: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(limit))
  }
}
