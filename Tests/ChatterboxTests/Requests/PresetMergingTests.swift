import Testing
import Text

@testable import Chatterbox

@Suite("A preset and a request become one")
struct PresetMergingTests {
  private let resolver = RequestResolver()

  @Test("language_learning speaks slowly and says what the starter voice leaves out")
  func languageLearning() throws {
    let resolved = try resolver.resolve(.init(text: "Hi", preset: "language_learning"))
    #expect(resolved.speed == 0.9)
    #expect(resolved.model == .starter)
    #expect(resolved.warningCodes == ["model_fallback", "parameter_ignored"])
    #expect(resolved.warnings[0].message.contains("'standard'"))
    #expect(resolved.warnings[1].message.contains("exaggeration"))
  }

  @Test("emergency_alert speaks quickly, without the throat that only Turbo clears")
  func emergencyAlert() throws {
    let resolved = try resolver.resolve(.init(text: "Fire!", preset: "emergency_alert"))
    #expect(resolved.speed == 1.1)
    #expect(resolved.segments == [.speech("Fire!")])
    #expect(Set(resolved.warningCodes) == ["model_fallback", "parameter_ignored", "tag_ignored"])
    let tag = try #require(resolved.warnings.first { $0.code == "tag_ignored" })
    #expect(tag.message.contains("[clear throat]"))
  }

  @Test("fields of the request win over the preset's")
  func override() throws {
    let request = SpeechRequest(
      text: "Fire!", model: "starter", preset: "emergency_alert", speed: 1.5,
      paralinguisticPrefix: "Attention!")
    let resolved = try resolver.resolve(request)
    #expect(resolved.speed == 1.5)
    #expect(resolved.model == .starter)
    #expect(resolved.segments == [.speech("Attention! Fire!")])
    #expect(resolved.warningCodes == ["parameter_ignored"])
  }

  @Test("without a preset the defaults hold and there is nothing to warn of")
  func plain() throws {
    let resolved = try resolver.resolve(.init(text: "Hi"))
    #expect(resolved.speed == 1)
    #expect(resolved.language == .english)
    #expect(resolved.model == .starter)
    #expect(resolved.warnings.isEmpty)
  }

  @Test("parameters that no installed model has are named one by one")
  func ignoredParameters() throws {
    let resolved = try resolver.resolve(.init(text: "Hi", exaggeration: 1, cfgWeight: 0.5))
    #expect(resolved.warningCodes == ["parameter_ignored", "parameter_ignored"])
    #expect(resolved.warnings.map(\.message).contains { $0.contains("cfg_weight") })
  }

  @Test("a sound that is asked for many times is warned of once")
  func repeatedTag() throws {
    let resolved = try resolver.resolve(.init(text: "[laugh] Ha [laughs] ha [laughing] [sigh]"))
    #expect(resolved.warningCodes == ["tag_ignored", "tag_ignored"])
  }

  @Test("the seed is kept; without one each request has its own, which JSON holds exactly")
  func seeds() throws {
    #expect(try resolver.resolve(.init(text: "Hi", seed: .max)).seed == .max)
    let seeds = try (0..<50).map { _ in try resolver.resolve(.init(text: "Hi")).seed }
    #expect(Set(seeds).count == 50)
    #expect(seeds.allSatisfy { $0 < 1 << 53 })
  }

  @Test("the request's pronunciations win over the configuration's, which stay for other words")
  func lexicons() throws {
    let own = try Lexicon(["en": ["nginx": "engine X", "SQL": "sequel"]])
    let asked = try Lexicon(["en": ["nginx": "enginks"]])
    let resolver = RequestResolver { $0.lexicon = own }
    let lexicon = try resolver.resolve(.init(text: "Hi", lexicon: asked)).lexicon
    #expect(lexicon == (try Lexicon(["en": ["nginx": "enginks", "SQL": "sequel"]])))
    #expect(try resolver.resolve(.init(text: "Hi")).lexicon == own)
  }

  @Test("a language is known in capitals too", arguments: ["KO", "Ko", "ko"])
  func languageCase(_ code: String) throws {
    #expect(try resolver.resolve(.init(text: "안녕", language: code)).language == .korean)
  }

  @Test("the prefix alone is nothing to speak")
  func prefixAlone() throws {
    let error = try #require(throws: ChatterboxError.self) {
      try resolver.resolve(.init(text: " ", preset: "emergency_alert"))
    }
    #expect(error.code == .emptyText)
  }
}
