import Audio
import Testing
import Text

@testable import Chatterbox

extension RealSpeech {
  @Suite("All 23 languages speak")
  struct LanguageTests {
    static let sentences: [Language: String] = [
      .arabic: "صباح الخير، كيف حالك؟", .danish: "God morgen, hvordan går det?",
      .german: "Guten Morgen, wie geht es dir?",
      .greek: "Καλημέρα, τι κάνεις;", .english: "Good morning, how are you?",
      .spanish: "Buenos días, ¿cómo estás?",
      .finnish: "Hyvää huomenta, mitä kuuluu?", .french: "Bonjour, comment ça va ?",
      .hebrew: "בוקר טוב, מה שלומך?",
      .hindi: "सुप्रभात, आप कैसे हैं?", .italian: "Buongiorno, come stai?", .japanese: "おはようございます。東京は元気です。",
      .korean: "안녕하세요, 잘 지내세요?", .malay: "Selamat pagi, apa khabar?", .dutch: "Goedemorgen, hoe gaat het?",
      .norwegian: "God morgen, hvordan går det?", .polish: "Dzień dobry, jak się masz?",
      .portuguese: "Bom dia, como você está?", .russian: "Доброе утро, как дела?",
      .swedish: "God morgon, hur mår du?",
      .swahili: "Habari za asubuhi, u hali gani?", .turkish: "Günaydın, nasılsın?", .chinese: "早上好，你好吗？",
    ]

    @Test("audibly, by espeak-ng, and every response says so", arguments: Language.allCases)
    func speaks(_ language: Language) async throws {
      let text = try #require(Self.sentences[language])
      let model = language == .english ? "espeak" : nil
      let speech = try await Engines.standard.generate(
        .init(text: text, language: language.code, model: model))
      #expect(speech.info.model == "espeak")
      #expect(speech.info.language == language.code)
      #expect(speech.info.sampleRate == 24_000)
      #expect(speech.info.warnings.map(\.code) == (language == .english ? [] : ["model_fallback"]))
      #expect(speech.audio.samples.level > 0.01)
      #expect((0.5...10).contains(speech.timings.duration))
    }

    @Test("languages that are written alike are not spoken alike")
    func voicesDiffer() async throws {
      let engine = try Engines.standard
      let danish = try await engine.samples(.init(text: "God morgen", language: "da"))
      #expect(danish != (try await engine.samples(.init(text: "God morgen", language: "no"))))
    }

    @Test("kanji sound as their kana", .enabled(if: Programs.isInstalled("mecab")))
    func kanji() async throws {
      let engine = try Engines.standard
      let kanji = try await engine.samples(.init(text: "東京へ行きます。", language: "ja"))
      #expect(kanji == (try await engine.samples(.init(text: "トーキョーエイキマス。", language: "ja"))))
    }

    @Test("pauses, speed and seeds hold for espeak-ng's voice, too")
    func parameters() async throws {
      let engine = try Engines.standard
      let plain = try await engine.samples(.init(text: "Guten Morgen, liebe Leute.", language: "de"))
      let slow = try await engine.samples(
        .init(text: "Guten Morgen, liebe Leute.", language: "de", speed: 0.5))
      let paused = try await engine.samples(
        .init(text: "[pause 400ms] Guten Morgen, liebe Leute.", language: "de"))
      #expect(abs(Double(slow.count) / Double(plain.count) - 2) < 0.1)
      #expect(paused == silence(9600) + plain)
    }
  }
}
