import Testing
import Text

@testable import Chatterbox

extension RealSpeech {
  @Suite("A lexicon is heard")
  struct LexiconSpeechTests {
    @Test("a respelling sounds as if the text were written so")
    func respelling() async throws {
      let engine = try Engines.standard
      let lexicon = try Lexicon(["en": ["nginx": "engine X"]])
      let spoken = try await engine.samples("We run nginx here.", lexicon: lexicon)
      #expect(spoken == (try await engine.samples("We run engine X here.")))
      #expect(spoken != (try await engine.samples("We run nginx here.")))
    }

    @Test(
      "IPA sounds as the word that has these sounds",
      arguments: [
        ("Xyzzy.", "Hello."), ("Xyzzy, my friend.", "Hello, my friend."),
        ("Say xyzzy now.", "Say hello now."),
      ])
    func ipa(text: String, same: String) async throws {
      let engine = try Engines.standard
      let lexicon = try Lexicon(["en": ["xyzzy": "/həlˈoʊ/"]])
      #expect(try await engine.samples(text, lexicon: lexicon) == (try await engine.samples(same)))
    }

    @Test("IPA inside a sentence stays a word of its own")
    func ipaBetweenWords() async throws {
      let lexicon = try Lexicon(["en": ["xyzzy": "/zˈiː/"]])
      let three = try await Engines.standard.samples("Say xyzzy now.", lexicon: lexicon)
      let two = try await Engines.standard.samples("Say now.")
      #expect(three.count > two.count)
    }

    @Test("the configuration's lexicon counts for every request, the request's first")
    func configured() async throws {
      var configuration = Engines.configuration
      configuration.lexicon = try Lexicon(["en": ["nginx": "engine X"]])
      let configured = try ChatterboxEngine(configuration)
      let engine = try Engines.standard
      #expect(try await configured.samples("nginx.") == (try await engine.samples("engine X.")))
      let own = try Lexicon(["en": ["nginx": "hello"]])
      #expect(try await configured.samples("nginx.", lexicon: own) == (try await engine.samples("hello.")))
    }

    @Test("espeak-ng's own voice takes respellings and speaks a word with IPA by its own rules")
    func espeak() async throws {
      let engine = try Engines.standard
      func spoken(_ text: String, _ entries: [String: String]) async throws -> [Float] {
        let lexicon = try Lexicon(["en": entries])
        return try await engine.samples(SpeechRequest(text: text, model: "espeak", lexicon: lexicon))
      }
      #expect(
        try await spoken("I use nginx.", ["nginx": "engine X"]) == (try await spoken("I use engine X.", [:])))
      #expect(
        try await spoken("I use nginx.", ["nginx": "/ˈɛndʒɪn/"]) == (try await spoken("I use nginx.", [:])))
    }

    @Test("entries of another language are not for this one")
    func otherLanguage() async throws {
      let engine = try Engines.standard
      let lexicon = try Lexicon(["de": ["hello": "guten Tag"]])
      #expect(try await engine.samples("Hello.", lexicon: lexicon) == (try await engine.samples("Hello.")))
    }
  }
}
