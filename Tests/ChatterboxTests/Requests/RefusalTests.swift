import Testing
import Text

@testable import Chatterbox

/// A request that must be refused: how, at which field, and with which words.
struct Refused: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let request: SpeechRequest
  let code: ChatterboxError.Code
  let field: String
  let words: String

  init(
    _ testDescription: String, _ request: SpeechRequest, _ code: ChatterboxError.Code, _ field: String,
    _ words: String = ""
  ) {
    self.testDescription = testDescription
    self.request = request
    self.code = code
    self.field = field
    self.words = words
  }
}

@Suite("Requests that are refused")
struct RefusalTests {
  static let texts = [
    "", " ", "\n\t \u{A0}\u{3000}", "🎉🎉👩‍👩‍👧", "?!… —", "[pause 1s]", "[pause] … [pause 400ms]", "[laugh]",
    "\u{200B}\u{FEFF}", "\u{0}",
  ].map {
    Refused("text \($0.debugDescription)", SpeechRequest(text: $0), .emptyText, "text", "letter or digit")
  }

  static let pauses = [
    "[pause x]", "[pause 400]", "[pause 61s]", "[pause -1s]", "[pause 1e999s]", "[pause nans]",
  ]
  .map { Refused($0, SpeechRequest(text: "Hi \($0) there"), .invalidValue, "text", "pause") }

  static let names = [
    Refused("language xx", .init(text: "Hi", language: "xx"), .unknownLanguage, "language", "en"),
    Refused("empty language", .init(text: "Hi", language: ""), .unknownLanguage, "language"),
    Refused(
      "language eng", .init(text: "Hi", language: "eng"), .unknownLanguage, "language", "Did you mean 'en'?"),
    Refused(
      "preset language_lerning", .init(text: "Hi", preset: "language_lerning"), .unknownPreset, "use_case",
      "Did you mean 'language_learning'?"),
    Refused(
      "preset in capitals", .init(text: "Hi", preset: "NARRATION"), .unknownPreset, "use_case", "'narration'"),
    Refused("empty preset", .init(text: "Hi", preset: ""), .unknownPreset, "use_case", "announcement"),
    Refused(
      "model startr", .init(text: "Hi", model: "startr"), .unknownModel, "model", "Did you mean 'starter'?"),
    Refused("empty model", .init(text: "Hi", model: ""), .unknownModel, "model", "standard"),
    Refused(
      "a long hostile name", .init(text: "Hi", model: String(repeating: "x", count: 100_000)), .unknownModel,
      "model"),
    Refused(
      "starter in German", .init(text: "Hi", language: "de", model: "starter"), .invalidValue, "model",
      "German"),
    Refused(
      "turbo in Korean", .init(text: "Hi", language: "ko", model: "turbo"), .invalidValue, "model", "Korean"),
  ]

  static let wrongNumbers: [Double] = [-1, -0.001, 2.001, 1e300, .nan, .infinity, -.infinity]
  static let outOfRange: [Refused] = wrongNumbers.flatMap { value in
    [
      Refused(
        "exaggeration \(value)", .init(text: "Hi", exaggeration: value), .invalidValue, "exaggeration",
        "0.0 to 2.0"),
      Refused(
        "cfg_weight \(value)", .init(text: "Hi", cfgWeight: value), .invalidValue, "cfg_weight", "0.0 to 1.0"),
      Refused("speed \(value)", .init(text: "Hi", speed: value), .invalidValue, "speed", "0.5 to 2.0"),
    ]
  }
  static let justOutOfRange = [
    Refused("cfg_weight 1.001", .init(text: "Hi", cfgWeight: 1.001), .invalidValue, "cfg_weight"),
    Refused("speed 0.499", .init(text: "Hi", speed: 0.499), .invalidValue, "speed"),
    Refused("speed 0", .init(text: "Hi", speed: 0), .invalidValue, "speed"),
  ]

  @Test(
    "the code, the field and the advice are right",
    arguments: texts + pauses + names + outOfRange + justOutOfRange)
  func refusal(_ refused: Refused) throws {
    let error = try #require(throws: ChatterboxError.self) { try RequestResolver().resolve(refused.request) }
    #expect(error.code == refused.code)
    #expect(error.field == refused.field)
    #expect(error.message.contains(refused.words), "\(error.message)")
    #expect(error.message.count < 400, "\(error.message)")
  }

  @Test(
    "the ends of every range are allowed",
    arguments: [(0.0, 0.0, 0.5), (2, 1, 2)])
  func boundaries(exaggeration: Double, cfgWeight: Double, speed: Double) throws {
    let request = SpeechRequest(text: "Hi", exaggeration: exaggeration, cfgWeight: cfgWeight, speed: speed)
    #expect(try RequestResolver().resolve(request).speed == speed)
  }

  @Test("a text may be as long as the limit, and not one character longer")
  func textLimit() throws {
    let resolver = RequestResolver { $0.textLimit = 20 }
    #expect(throws: Never.self) { try resolver.resolve(.init(text: String(repeating: "é", count: 20))) }
    let error = try #require(throws: ChatterboxError.self) {
      try resolver.resolve(.init(text: String(repeating: "é", count: 21)))
    }
    #expect(error.code == .textTooLong)
    #expect(error.field == "text")
    #expect(error.message.contains("20 characters"))
  }

  @Test("a prefix does not go around the limit of the text")
  func prefixLimit() throws {
    let resolver = RequestResolver { $0.textLimit = 20 }
    let long = SpeechRequest(text: "Hi", paralinguisticPrefix: String(repeating: "word ", count: 1000))
    #expect(throws: ChatterboxError.self) { try resolver.resolve(long) }
  }

  @Test("a bad pause is located by the text's own characters")
  func pausePosition() throws {
    let error = try #require(throws: ChatterboxError.self) {
      try RequestResolver().resolve(.init(text: "Hi [pause x]"))
    }
    #expect(error.message.contains("character 4"), "\(error.message)")
  }

  @Test(
    "no message repeats the text, a name or a pronunciation",
    arguments: [
      SpeechRequest(text: "topsecret [pause x]"), SpeechRequest(text: "Hi", language: "topsecret"),
      SpeechRequest(text: "Hi", model: "topsecret"), SpeechRequest(text: "Hi", preset: "topsecret"),
      SpeechRequest(text: "topsecret", speed: 9),
    ])
  func discretion(_ request: SpeechRequest) throws {
    let error = try #require(throws: ChatterboxError.self) { try RequestResolver().resolve(request) }
    #expect(!error.description.contains("topsecret"))
  }
}
