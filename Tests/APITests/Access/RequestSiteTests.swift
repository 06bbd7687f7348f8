import Testing

@testable import API

@Suite("Whose page a request comes from")
struct RequestSiteTests {
  @Test(
    "It is the server's own when its origin is the name that was asked for",
    arguments: [
      ("localhost:8000", "http://localhost:8000"), ("LocalHost:8000", "HTTP://localhost:8000"),
      ("127.0.0.1:8000", "http://127.0.0.1:8000"), ("[::1]:8000", "http://[::1]:8000"),
      ("tts.example", "http://tts.example"), ("tts.example", "https://tts.example"),
      ("tts.example:443", "https://tts.example"), ("tts.example", "http://tts.example:80"),
    ])
  func own(asked: String, origin: String) {
    #expect(!RequestSite(asked: asked, origin: origin).isForeign)
    #expect(!RequestSite(asked: asked, origin: origin, relation: "same-origin").isForeign)
  }

  @Test(
    "It is somebody else's when its origin is another name or port, or none that can be read",
    arguments: [
      ("localhost:8000", "https://evil.example"), ("localhost:8000", "null"), ("localhost:8000", ""),
      ("localhost:8000", "http://localhost:3000"), ("localhost:8000", "http://localhost"),
      ("localhost:8000", "http://127.0.0.1:8000"), ("localhost:80", "https://localhost"),
      ("localhost:8000", "http://localhost:8000.evil.example"),
      ("localhost:8000", "http://localhost:8000@evil.example"),
      ("localhost:8000", "http://evil.example/localhost:8000"), ("localhost:8000", "localhost:8000"),
      ("localhost:8000", "chrome-extension://localhost:8000"),
      ("localhost:8000", "http://localhost:8000, https://evil.example"), ("a@localhost", "http://localhost"),
      (nil, "http://localhost"), ("", "http://"),
    ] as [(String?, String)])
  func foreign(asked: String?, origin: String) {
    #expect(RequestSite(asked: asked, origin: origin).isForeign)
  }

  @Test(
    "It is somebody else's when the browser says so, whether there is an origin or not",
    arguments: ["cross-site", "same-site", "Cross-Site"])
  func relation(relation: String) {
    #expect(RequestSite(asked: "localhost", relation: relation).isForeign)
    #expect(RequestSite(asked: "localhost", origin: "http://localhost", relation: relation).isForeign)
  }

  @Test("Who says nothing is no page", arguments: [nil, "none", "same-origin"])
  func program(relation: String?) {
    #expect(!RequestSite(asked: "localhost", relation: relation).isForeign)
    #expect(!RequestSite(asked: nil, relation: relation).isForeign)
  }
}
