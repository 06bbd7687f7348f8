import Audio
import Chatterbox
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Service
import Testing

@testable import API

@Suite("OpenAI's routes")
struct OpenAITests {
  private func speak(_ json: String, _ server: TestServer? = nil) async throws -> TestResponse {
    try await (server ?? TestServer()).send(.post, "/v1/audio/speech", Data(json.utf8))
  }

  private func error(_ response: TestResponse) throws -> [String: Any] {
    let object = try JSONSerialization.jsonObject(with: response.data) as? [String: [String: Any]]
    let error = try #require(object?["error"])
    #expect(error.keys.sorted() == ["code", "message", "param", "type"])
    return error
  }

  @Test("speak MP3 when nothing else is asked for")
  func standard() async throws {
    let response = try await speak(#"{"model": "tts-1", "input": "Hello.", "voice": "alloy"}"#)
    #expect(response.status == .ok)
    #expect(response.headers[.contentType] == "audio/mpeg")
    #expect(try AudioFileReader.read(Array(response.data)).duration > 0.3)
    #expect(try response.warnings().map(\.code).contains("voice_mapped"))
  }

  @Test("take a voice by its name or its id, and never another one for it")
  func voices() async throws {
    #expect(
      try await speak(#"{"model": "espeak", "input": "Hi.", "voice": {"id": "default"}}"#).status == .ok)
    for voice in [#""nobody""#, #"{"id": "nobody"}"#] {
      let response = try await speak(#"{"model": "espeak", "input": "Hi.", "voice": \#(voice)}"#)
      #expect(response.status == .badRequest)
      #expect(try error(response)["param"] as? String == "voice")
    }
    let own = try TestServer { $0.openAI.voices = [:] }
    #expect(
      try await speak(#"{"model": "espeak", "input": "Hi.", "voice": "alloy"}"#, own).status == .badRequest)
  }

  @Test("map a model's name to one that speaks the language")
  func models() async throws {
    let german = try await speak(
      #"{"model": "tts-1", "input": "Hallo.", "voice": "alloy", "language": "de"}"#)
    #expect(german.status == .ok)
    #expect(german.headers[.chatterboxModel] == "espeak")
    let unknown = try await speak(#"{"model": "tts-9", "input": "Hi.", "voice": "alloy"}"#)
    #expect(unknown.status == .notFound)
    #expect(try error(unknown)["code"] as? String == "model_not_found")
  }

  @Test(
    "refuse in OpenAI's own shape",
    arguments: [
      ("{", "invalid_json", nil), (#"{"input": "Hi.", "voice": "alloy"}"#, "invalid_value", "model"),
      (#"{"model": "tts-1", "voice": "alloy"}"#, "invalid_value", "input"),
      (#"{"model": "tts-1", "input": "Hi."}"#, "invalid_value", "voice"),
      (#"{"model": "tts-1", "input": "Hi.", "voice": 5}"#, "invalid_value", "voice"),
      (#"{"model": "tts-1", "input": "", "voice": "alloy"}"#, "empty_text", "input"),
      (#"{"model": "tts-1", "input": "Hi.", "voice": "alloy", "speed": 0.1}"#, "invalid_value", "speed"),
      (
        #"{"model": "tts-1", "input": "Hi.", "voice": "alloy", "response_format": "mp4"}"#, "invalid_value",
        "response_format"
      ),
      (
        #"{"model": "tts-1", "input": "Hi.", "voice": "alloy", "preset": "nothing"}"#, "unknown_preset",
        "preset"
      ),
    ] as [(String, String, String?)])
  func refusals(json: String, code: String, param: String?) async throws {
    let response = try await speak(json)
    #expect(response.status == .badRequest)
    let error = try error(response)
    #expect(error["code"] as? String == code)
    #expect(error["param"] as? String == param)
    #expect(error["type"] as? String == "invalid_request_error")
  }

  @Test("say what has no effect rather than fail")
  func ignored() async throws {
    let response = try await speak(
      #"{"model": "espeak", "input": "Hi.", "voice": "default", "instructions": "Whisper.", "user": "x", "speed": 4}"#
    )
    #expect(response.status == .ok)
    #expect(
      try response.warnings().map(\.code).sorted() == [
        "parameter_ignored", "parameter_ignored", "speed_limited",
      ])
  }

  @Test("end a stream of events with what it took")
  func events() async throws {
    let response = try await speak(
      #"{"model": "espeak", "input": "Hello.", "voice": "default", "response_format": "pcm", "stream_format": "sse"}"#
    )
    let events = String(buffer: response.body).components(separatedBy: "\n\n").dropLast()
    #expect(events.dropLast().allSatisfy { $0.contains(#""type":"speech.audio.delta""#) })
    #expect(events.last?.contains(#""type":"speech.audio.done""#) == true)
    #expect(events.last?.contains(#""input_tokens":6"#) == true)
  }

  @Test("show errors in their shape at paths that do not exist, too")
  func notFound() async throws {
    let server = try TestServer()
    #expect(try error(try await server.send(.get, "/v1/nothing"))["code"] as? String == "not_found")
    #expect(
      try error(try await server.send(.get, "/v1/audio/speech"))["code"] as? String == "method_not_allowed")
    #expect(
      try error(try await server.send(.get, "/v1/models/tts-9"))["code"] as? String == "model_not_found")
  }
}
