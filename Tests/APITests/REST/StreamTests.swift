import Audio
import Chatterbox
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Service
import Testing

@testable import API

@Suite("Streaming speech")
struct StreamTests {
  private func stream(_ json: String, _ server: TestServer? = nil) async throws -> TestResponse {
    try await (server ?? TestServer()).send(.post, "/api/v1/tts/stream", Data(json.utf8))
  }

  /// The events of a body: names and data.
  private func events(_ response: TestResponse) throws -> [(name: String, data: [String: Any])] {
    #expect(response.headers[.contentType] == "text/event-stream")
    return try String(buffer: response.body).components(separatedBy: "\n\n").dropLast().map { block in
      let lines = block.split(separator: "\n")
      let name = try #require(lines.first { $0.hasPrefix("event: ") }?.dropFirst(7))
      let data = try #require(lines.first { $0.hasPrefix("data: ") }?.dropFirst(6))
      let json = try JSONSerialization.jsonObject(with: Data(data.utf8)) as? [String: Any]
      return (String(name), try #require(json))
    }
  }

  @Test("A streamed WAV does not claim to know its length, and holds the speech")
  func audio() async throws {
    let response = try await stream(#"{"text": "Hello there. How are you?", "model": "starter", "seed": 1}"#)
    #expect(response.status == .ok)
    #expect(response.headers[.contentType] == "audio/wav")
    #expect(Array(response.data[4..<8]) == [0xFF, 0xFF, 0xFF, 0xFF])
    #expect(try WAVReader.read(Array(response.data)).duration > 1)
    #expect(response.headers[.chatterboxSeed] == "1")
  }

  @Test("Events carry the same bytes, and when they play", arguments: ["pcm", "mp3", "opus"])
  func events(format: String) async throws {
    let text =
      #""text": "Hello there. How are you? I am well.", "model": "starter", "seed": 1, "format": "\#(format)""#
    let server = try TestServer()
    let plain = try await stream("{\(text)}", server)
    let response = try await stream(#"{\#(text), "stream_format": "sse"}"#, server)
    let events = try events(response)
    #expect(events.dropLast().allSatisfy { $0.name == "audio" })
    #expect(events.last?.name == "done")
    let bytes = events.dropLast().compactMap {
      ($0.data["audio"] as? String).flatMap { Data(base64Encoded: $0) }
    }
    if format == "opus" {
      // A stream of Ogg has a number of its own, and the cache gives the same one again.
      #expect(bytes.reduce(0) { $0 + $1.count } == plain.data.count)
    } else {
      #expect(bytes.reduce(Data(), +) == plain.data)
    }
    let starts = events.dropLast().compactMap { $0.data["start"] as? Double }
    let durations = events.dropLast().compactMap { $0.data["duration"] as? Double }
    for index in starts.indices.dropFirst() {
      #expect(abs(starts[index] - starts[index - 1] - durations[index - 1]) < 1e-6)
    }
    let duration = try #require(events.last?.data["duration"] as? Double)
    #expect(abs(durations.reduce(0, +) - duration) < 0.001)
  }

  @Test("What is wrong before the first sample is an answer of its own")
  func refusal() async throws {
    let response = try await stream(#"{"text": "..."}"#)
    #expect(response.status == .unprocessableContent)
    #expect(try response.error().code == "empty_text")
    #expect(try await stream(#"{"text": "Hi.", "stream_format": "chunks"}"#).error().field == "stream_format")
    #expect(try await stream(#"{"text": "Hi.", "deadline_seconds": 0}"#).error().field == "deadline_seconds")
  }

  @Test("A deadline that passes in the queue is said so")
  func deadline() async throws {
    let server = try TestServer { $0.queue = .init(capacity: 10, concurrent: 1) }
    let long = Task {
      try await server.generate(#"{"text": "\#(LiveServerTests.longText)", "model": "starter"}"#)
    }
    while await server.running == 0 { try await Task.sleep(for: .milliseconds(5)) }
    let response = try await stream(#"{"text": "Hi.", "deadline_seconds": 0.05}"#, server)
    #expect(response.status == .gatewayTimeout)
    #expect(try response.error().code == "deadline_passed")
    long.cancel()
    _ = await long.result
  }

  @Test("The same request again is answered from the cache, unless it is to be new")
  func cache() async throws {
    let server = try TestServer()
    let json = #"{"text": "Hello.", "model": "espeak"}"#
    let first = try await server.generate(json)
    #expect(first.headers[.xCache] == "miss")
    let second = try await server.generate(json)
    #expect(second.headers[.xCache] == "hit")
    #expect(second.body == first.body)
    #expect(second.headers[.chatterboxSeed] == first.headers[.chatterboxSeed])
    #expect(second.headers[.audioSHA256] == first.headers[.audioSHA256])
    let fresh = try await server.send(
      .post, "/api/v1/tts/generate", Data(json.utf8),
      [.contentType: "application/json", .cacheControl: "no-cache"])
    #expect(fresh.headers[.xCache] == "miss")
  }
}

@Suite("Parts of audio")
struct ByteRangeTests {
  @Test(
    "are those that the header asks for",
    arguments: [
      (nil, ByteRange.whole), ("bytes=0-", .part(0..<100)), ("bytes=0-9", .part(0..<10)),
      ("bytes=90-200", .part(90..<100)), ("bytes=-10", .part(90..<100)), ("bytes=-500", .part(0..<100)),
      ("bytes=100-", .impossible), ("bytes=-0", .impossible), ("bytes=5-4", .whole), ("bytes=-", .whole),
      ("bytes=0-1,5-6", .whole), ("items=0-1", .whole), ("bytes=99999999999999999999-", .whole),
    ] as [(String?, ByteRange)])
  func ranges(header: String?, range: ByteRange) {
    #expect(ByteRange(header, of: 100) == range)
  }
}
