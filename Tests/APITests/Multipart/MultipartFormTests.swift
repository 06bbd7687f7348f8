import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Service
import Testing

@testable import API

@Suite("Forms with files")
struct MultipartFormTests {
  private static let type = "multipart/form-data; boundary=XX"

  private func form(_ body: String, _ type: String = type) throws -> [MultipartForm.Part] {
    try MultipartForm(Data(body.utf8), contentType: type).parts
  }

  @Test("are read part by part, whatever the bytes")
  func parts() throws {
    let body = """
      --XX\r\nContent-Disposition: form-data; name="file"; filename="a b.wav"\r\nContent-Type: audio/wav\r\n\r\n\
      RIFF\r\n--X\r\n\r\n--XX\r\ncontent-disposition: form-data; name=name\r\n\r\nanna\r\n--XX--\r\n
      """
    let parts = try form(body)
    #expect(parts.map(\.name) == ["file", "name"])
    #expect(parts[0].fileName == "a b.wav")
    #expect(parts[0].bytes == Data("RIFF\r\n--X\r\n".utf8))
    #expect(parts[1].bytes == Data("anna".utf8))
    #expect(try form("--XX--", "Multipart/Form-Data; charset=utf-8; boundary=\"XX\"").isEmpty)
  }

  @Test(
    "that break off or are damaged are refused",
    arguments: [
      "", "--XX", "--XX\r\n", "--XX\r\n\r\n", "XX--",
      "--XX\r\nContent-Disposition: form-data; name=a\r\n\r\nb",
      "--XX\r\nContent-Disposition: form-data\r\n\r\nb\r\n--XX--", "--XX\r\nname: a\r\n\r\nb\r\n--XX--",
      "--XX\r\nContent-Disposition: form-data; name=a\r\n\r\nb\r\n--XX", "--YY--",
      "--XX\r\nContent-Disposition: form-data; name=a" + String(repeating: "a", count: 9_000)
        + "\r\n\r\nb\r\n--XX--",
      String(repeating: "--XX\r\nContent-Disposition: form-data; name=a\r\n\r\nb\r\n", count: 20) + "--XX--",
    ])
  func malformed(body: String) {
    #expect(throws: MultipartForm.Malformed.self) { try form(body) }
  }

  @Test(
    "without a boundary are refused",
    arguments: ["multipart/form-data", "multipart/form-data; boundary=", "text/plain"])
  func noBoundary(type: String) {
    #expect(throws: MultipartForm.Malformed.self) { try form("--XX--", type) }
  }
}

@Suite("Voices over HTTP")
struct VoiceRouteTests {
  private func upload(_ parts: [(String, Data, String?)], _ type: String? = nil) async throws -> TestResponse
  {
    var body = Data()
    for (name, bytes, file) in parts {
      body += Data("--XX\r\nContent-Disposition: form-data; name=\"\(name)\"".utf8)
      if let file { body += Data("; filename=\"\(file)\"".utf8) }
      body += Data("\r\n\r\n".utf8) + bytes + Data("\r\n".utf8)
    }
    body += Data("--XX--\r\n".utf8)
    return try await TestServer { $0.models.voicesDirectory = "/nonexistent" }.send(
      .post, "/api/v1/voices", body, [.contentType: type ?? "multipart/form-data; boundary=XX"])
  }

  @Test("An upload that makes no sense is refused, and the field is named")
  func refusals() async throws {
    let wav = Data("RIFF".utf8)
    #expect(try await upload([("name", Data("anna".utf8), nil)]).error().field == "file")
    #expect(
      try await upload([("file", Data(), "a.wav"), ("name", Data("a".utf8), nil)]).error().field == "file")
    #expect(try await upload([("file", wav, "../../x.wav")]).error().field == "name")
    #expect(try await upload([("file", wav, nil)]).error().field == "name")
    #expect(try await upload([("file", wav, "a.wav"), ("fil", wav, nil)]).error().code == "unknown_field")
    #expect(try await upload([("file", wav, "a.wav"), ("file", wav, "b.wav")]).error().field == "file")
    #expect(
      try await upload([("file", wav, "a.wav"), ("replace", Data("maybe".utf8), nil)]).error().field
        == "replace")
    #expect(try await upload([], "application/json").status == .unsupportedMediaType)
    #expect(try await upload([], "multipart/form-data; boundary=YY").error().code == "invalid_form")
  }

  @Test("A form that is too large is refused before it is read")
  func tooLarge() async throws {
    let response = try await TestServer().send(
      .post, "/api/v1/voices", Data(repeating: 0, count: (25 << 20) + 1),
      [.contentType: "multipart/form-data; boundary=XX"])
    #expect(response.status == .contentTooLarge)
  }

  @Test("Voices and references that do not exist are refused in words")
  func unknown() async throws {
    let server = try TestServer()
    for method in [HTTPRequest.Method.get, .delete] {
      #expect(try await server.send(method, "/api/v1/voices/nobody").error().code == "unknown_voice")
    }
    #expect(try await server.send(.get, "/api/v1/voices/nobody/preview").status == .notFound)
    let reference = try await server.generate(#"{"text": "Hi.", "voice_reference": "../../etc/passwd.wav"}"#)
    #expect(reference.status == .unprocessableContent)
    #expect(try reference.error().field == "voice_reference")
    #expect(
      try await server.generate(#"{"text": "Hi.", "voice": "a", "voice_reference": "b.wav"}"#).error().field
        == "voice_reference")
  }

  @Test("Audio without a mark is told from none at all")
  func detect() async throws {
    let server = try TestServer()
    let garbage = try await server.send(
      .post, "/api/v1/watermark/detect", Data("no audio".utf8), [.contentType: "audio/wav"])
    #expect([.unprocessableContent, .conflict].contains(garbage.status))
    let empty = try await server.send(.post, "/api/v1/watermark/detect", Data(), [:])
    #expect([.unprocessableContent, .conflict].contains(empty.status))
  }
}
