import Testing
import Text

@testable import Chatterbox

@Suite("Which model speaks")
struct ModelChoiceTests {
  @Test(
    "a model that is installed and asked for speaks, without a word about it",
    arguments: [
      ("en", "starter"), ("en", "espeak"), ("ko", "espeak"),
    ])
  func asked(language: String, model: String) throws {
    let resolved = try RequestResolver().resolve(.init(text: "Hi 1", language: language, model: model))
    #expect(resolved.model.rawValue == model)
    #expect(!resolved.warningCodes.contains("model_fallback"))
  }

  @Test(
    "another stands in for one that is not installed, and the warning names both",
    arguments: [
      ("en", "standard", "starter"), ("en", "multilingual", "starter"), ("de", "multilingual", "espeak"),
    ])
  func fallback(language: String, model: String, stand: String) throws {
    let resolved = try RequestResolver().resolve(.init(text: "Hi", language: language, model: model))
    #expect(resolved.model.rawValue == stand)
    #expect(resolved.warningCodes == ["model_fallback"])
    #expect(resolved.warnings[0].message.contains("'\(model)'"))
    #expect(resolved.warnings[0].message.contains("'\(stand)'"))
  }

  @Test("a preset's English model gives way in another language")
  func presetInOtherLanguage() throws {
    let resolved = try RequestResolver().resolve(.init(text: "Hallo", language: "de", preset: "narration"))
    #expect(resolved.model == .espeak)
    #expect(resolved.warningCodes.contains("model_fallback"))
  }

  @Test("a language without a neural voice says so")
  func syntheticVoice() throws {
    let resolved = try RequestResolver().resolve(.init(text: "Hallo", language: "de"))
    #expect(resolved.model == .espeak)
    #expect(
      resolved.warnings.map(\.message) == [
        "No neural voice for German is installed; espeak-ng's synthetic voice speaks."
      ])
  }

  @Test("without the starter voice espeak-ng speaks English, and says so")
  func withoutStarter() throws {
    let resolved = try RequestResolver(installed: [.espeak]).resolve(.init(text: "Hi"))
    #expect(resolved.model == .espeak)
    #expect(resolved.warningCodes == ["model_fallback"])
  }

  @Test(
    "with fallbacks off a missing model is an error, from the request or a preset",
    arguments: [
      SpeechRequest(text: "Hi", model: "standard"), SpeechRequest(text: "Hi", preset: "narration"),
      SpeechRequest(text: "Hallo", language: "de", preset: "announcement"),
    ])
  func noFallback(_ request: SpeechRequest) throws {
    let resolver = RequestResolver { $0.fallback = .none }
    let error = try #require(throws: ChatterboxError.self) { try resolver.resolve(request) }
    #expect(error.code == .modelNotInstalled)
    #expect(error.message.contains("models.fallback"))
  }

  @Test("with fallbacks off a request that names no model still speaks")
  func noFallbackNoModel() throws {
    let resolver = RequestResolver { $0.fallback = .none }
    #expect(try resolver.resolve(.init(text: "Hi")).model == .starter)
    #expect(try resolver.resolve(.init(text: "Hi", model: "espeak")).model == .espeak)
  }

  @Test(
    "where nothing is installed the error says what to run",
    arguments: [
      SpeechRequest(text: "Hi"), SpeechRequest(text: "Hi", model: "starter"),
      SpeechRequest(text: "Hi", model: "espeak"), SpeechRequest(text: "Hi", model: "turbo"),
      SpeechRequest(text: "Hallo", language: "de"),
    ])
  func nothingInstalled(_ request: SpeechRequest) throws {
    let error = try #require(throws: ChatterboxError.self) {
      try RequestResolver(installed: []).resolve(request)
    }
    #expect(error.code == .modelNotInstalled)
    #expect(error.message.contains("make setup"))
  }

  @Test("the starter voice that is asked for by name has no stand-in")
  func explicitStarter() throws {
    let error = try #require(throws: ChatterboxError.self) {
      try RequestResolver(installed: [.espeak]).resolve(.init(text: "Hi", model: "starter"))
    }
    #expect(error.code == .modelNotInstalled)
  }
}
