import Audio
import Chatterbox
import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing

@testable import API

@Suite("Generating speech")
struct GenerateTests {
  static let short = #"{"text": "Hello.", "model": "starter", "seed": 7}"#

  @Test(
    "The product document's calls work as written, and say that the starter voice stands in",
    arguments: [
      #"""
      {
        "text": "The quick brown fox jumps over the lazy dog.",
        "language": "en",
        "model": "standard",
        "use_case": "language_learning"
      }
      """#,
      #"""
      {
        "text": "Warning! Fire detected on floor 3. Please evacuate.",
        "language": "en",
        "model": "turbo",
        "use_case": "emergency_alert"
      }
      """#,
      #"{"text": "Welcome to Seoul International Airport.", "language": "en", "use_case": "announcement"}"#,
    ])
  func productExamples(json: String) async throws {
    let response = try await TestServer().generate(json)
    let audio = try response.audio()
    #expect(audio.sampleRate == 24_000)
    #expect(audio.samples.count > 24_000)
    #expect(response.headers[.chatterboxModel] == "starter")
    #expect(try response.warnings().map(\.code).contains("model_fallback"))
  }

  @Test(
    "The announcement is spoken in the product document's other languages",
    arguments: [
      ("ko", "서울 국제공항에 오신 것을 환영합니다."), ("ja", "ソウル国際空港へようこそ。"), ("zh", "欢迎来到首尔国际机场。"),
    ])
  func announcements(language: String, text: String) async throws {
    let response = try await TestServer().generate(
      #"{"text": "\#(text)", "language": "\#(language)", "use_case": "announcement"}"#)
    #expect(try response.audio().samples.count > 24_000 / 2)
    #expect(response.headers[.chatterboxLanguage] == language)
    #expect(response.headers[.chatterboxModel] == "espeak")
    #expect(try response.warnings().map(\.code).contains("model_fallback"))
  }

  @Test("The headers describe the audio that the body holds")
  func headers() async throws {
    let response = try await TestServer().generate(Self.short)
    let audio = try response.audio()
    let headers = response.headers
    #expect(headers[.contentType] == "audio/wav")
    #expect(headers[.contentLength] == "\(response.body.readableBytes)")
    #expect(headers[.cacheControl] == "no-store")
    #expect(headers[.xContentTypeOptions] == "nosniff")
    #expect(headers[.chatterboxModel] == "starter")
    #expect(headers[.chatterboxLanguage] == "en")
    #expect(headers[.chatterboxSeed] == "7")
    #expect(headers[.chatterboxSampleRate] == "24000")
    #expect(headers[.chatterboxModelSampleRate] == "22050")
    #expect(headers[.chatterboxWarnings] == nil)
    #expect(headers[.audioSHA256] == SHA256Digest.hexadecimal(of: Array(response.data)))
    let duration = try #require(headers[.audioDuration].flatMap(Double.init))
    #expect(abs(duration - Double(audio.samples.count) / 24_000) < 0.001)
    #expect(try #require(headers[.timeToFirstAudio].flatMap(Double.init)) > 0)
    #expect(try #require(headers[.realTimeFactor].flatMap(Double.init)) > 0)
  }

  @Test("The same seed gives the same bytes, another seed others")
  func seed() async throws {
    let server = try TestServer()
    let first = try await server.generate(Self.short)
    let again = try await server.generate(Self.short)
    let other = try await server.generate(#"{"text": "Hello.", "model": "starter", "seed": 8}"#)
    #expect(first.status == .ok)
    #expect(first.body == again.body)
    #expect(first.body != other.body)
  }

  @Test("A seed that the server drew reproduces its speech")
  func drawnSeed() async throws {
    let server = try TestServer()
    let first = try await server.generate(#"{"text": "Hello.", "model": "starter"}"#)
    let seed = try #require(first.headers[.chatterboxSeed])
    let again = try await server.generate(#"{"text": "Hello.", "model": "starter", "seed": \#(seed)}"#)
    #expect(first.status == .ok)
    #expect(first.body == again.body)
  }

  @Test("The largest seed is taken exactly")
  func largestSeed() async throws {
    let response = try await TestServer().generate(#"{"text": "Hi.", "seed": 9007199254740992}"#)
    #expect(response.headers[.chatterboxSeed] == "9007199254740992")
  }

  @Test("wav_f32 gives floats, wav gives 16-bit integers")
  func formats() async throws {
    let server = try TestServer()
    let integers = try await server.generate(#"{"text": "Hello.", "seed": 7, "format": "wav"}"#)
    let floats = try await server.generate(#"{"text": "Hello.", "seed": 7, "format": "wav_f32"}"#)
    let samples = try integers.audio().samples.count
    #expect(try floats.audio().samples.count == samples)
    #expect(integers.body.readableBytes - 2 * samples < 100)
    #expect(floats.body.readableBytes - 4 * samples < 100)
  }

  @Test("speed makes the audio shorter")
  func speed() async throws {
    let server = try TestServer()
    let slow = try await server.generate(#"{"text": "Hello there.", "seed": 7, "speed": 1}"#).audio()
    let fast = try await server.generate(#"{"text": "Hello there.", "seed": 7, "speed": 2}"#).audio()
    #expect(fast.samples.count < slow.samples.count * 2 / 3)
  }

  @Test("A lexicon of the request changes how a word is spoken")
  func lexicon() async throws {
    let server = try TestServer()
    let plain = try await server.generate(#"{"text": "nginx", "seed": 7}"#)
    let taught = try await server.generate(
      #"{"text": "nginx", "seed": 7, "lexicon": {"en": {"nginx": "engine X"}}}"#)
    #expect(plain.status == .ok)
    #expect(taught.status == .ok)
    #expect(plain.body != taught.body)
  }

  @Test("A paralinguistic prefix that the model cannot speak is reported")
  func prefix() async throws {
    let response = try await TestServer().generate(
      #"{"text": "Hi.", "paralinguistic_prefix": "[clears throat]"}"#)
    #expect(try response.warnings().map(\.code) == ["tag_ignored"])
  }

  @Test("preset means use_case, and both may be given if they agree")
  func presetSynonym() async throws {
    let server = try TestServer()
    let useCase = try await server.generate(#"{"text": "Hi.", "seed": 7, "use_case": "narration"}"#)
    let preset = try await server.generate(#"{"text": "Hi.", "seed": 7, "preset": "narration"}"#)
    let both = try await server.generate(
      #"{"text": "Hi.", "seed": 7, "preset": "narration", "use_case": "narration"}"#)
    #expect(useCase.status == .ok)
    #expect(useCase.body == preset.body)
    #expect(useCase.body == both.body)
  }

  @Test("A null field is a field left out")
  func nulls() async throws {
    let response = try await TestServer().generate(
      #"{"text": "Hi.", "language": null, "model": null, "seed": null, "speed": null, "format": null}"#)
    #expect(response.status == .ok)
  }

  @Test("Content-Type may be missing, carry a charset, or be in capitals")
  func contentTypes() async throws {
    let server = try TestServer()
    for type in [nil, "application/json; charset=utf-8", "APPLICATION/JSON ;charset=UTF-8"] {
      var headers: HTTPFields = [:]
      headers[.contentType] = type
      let response = try await server.send(
        .post, "/api/v1/tts/generate", Data(#"{"text": "Hi.", "model": "espeak"}"#.utf8), headers)
      #expect(response.status == .ok)
    }
  }

  @Test("Ten requests at once are all answered, each with its own speech")
  func concurrent() async throws {
    let server = try TestServer()
    let alone = try await server.generate(Self.short)
    try await withThrowingTaskGroup(of: (Int, TestResponse).self) { group in
      for index in 0..<10 {
        group.addTask {
          let seed = index.isMultiple(of: 2) ? 7 : 100 + index
          let json = #"{"text": "Hello.", "model": "starter", "seed": \#(seed)}"#
          return (index, try await server.generate(json))
        }
      }
      for try await (index, response) in group {
        #expect(response.status == .ok)
        #expect((response.body == alone.body) == index.isMultiple(of: 2))
        #expect(response.headers[.audioSHA256] == SHA256Digest.hexadecimal(of: Array(response.data)))
      }
    }
    #expect(server.leftovers.isEmpty)
  }

  @Test("Warnings are ASCII in the header, whatever they say")
  func asciiWarnings() throws {
    let warning = SpeechWarning(code: "x", message: "“é” 😀\n/")
    let header = try JSONEncoder.asciiString(of: [warning])
    #expect(header == #"[{"code":"x","message":"\u201c\u00e9\u201d \ud83d\ude00\n/"}]"#)
    #expect(try JSONDecoder().decode([SpeechWarning].self, from: Data(header.utf8)) == [warning])
  }
}
