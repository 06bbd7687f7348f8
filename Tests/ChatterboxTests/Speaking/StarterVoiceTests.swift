import Audio
import Chatterbox
import Testing
import Text

extension RealSpeech {
  @Suite("The starter voice")
  struct StarterVoiceTests {
    private static let text = "The quick brown fox jumps over the lazy dog."

    @Test("speaks at 24 kHz, finite, in range, audible, and says who it is")
    func plain() async throws {
      let speech = try await Engines.standard.generate(Self.text)
      #expect(speech.info.model == "starter")
      #expect(speech.info.sampleRate == 24_000)
      #expect(speech.info.modelSampleRate == 22_050)
      #expect(speech.info.warnings.isEmpty)
      #expect(speech.audio.sampleRate == 24_000)
      #expect(speech.audio.samples.allSatisfy { $0.isFinite && abs($0) <= 1 })
      #expect(speech.audio.samples.level > 0.01)
      #expect(speech.timings.duration == Double(speech.audio.samples.count) / 24_000)
      #expect((1.5...6).contains(speech.timings.duration))
      #expect(speech.timings.firstAudio <= speech.timings.total)
    }

    @Test("one seed gives one result, another seed another, and the seed that was drawn is told")
    func seeds() async throws {
      let engine = try Engines.standard
      let first = try await engine.generate(SpeechRequest(text: Self.text, model: "starter"))
      let request = SpeechRequest(text: Self.text, model: "starter", seed: first.info.seed)
      #expect(try await engine.samples(request) == first.audio.samples)
      let other = SpeechRequest(text: Self.text, model: "starter", seed: first.info.seed &+ 1)
      #expect(try await engine.samples(other) != first.audio.samples)
    }

    @Test("speed changes the length by its inverse", arguments: [0.5, 0.8, 1.25, 2])
    func speed(_ speed: Double) async throws {
      let engine = try Engines.standard
      let plain = try await engine.samples(Self.text).count
      let changed = try await engine.samples(Self.text, speed: speed).count
      #expect(abs(Double(changed) / Double(plain) * speed - 1) < 0.05)
    }

    @Test("the preset for learners is a ninth slower")
    func preset() async throws {
      let engine = try Engines.standard
      let plain = try await engine.samples(Self.text).count
      let slow = try await engine.samples(
        SpeechRequest(text: Self.text, preset: Preset.languageLearning.name, seed: 1)
      ).count
      #expect(abs(Double(slow) / Double(plain) * 0.9 - 1) < 0.05)
    }

    @Test(
      "numbers and units are words before they are phonemes",
      arguments: [
        ("It is 5 km away.", "It is five kilometers away."), ("Chapter 42.", "Chapter forty-two."),
        ("Dr. Kim paid $3.", "Doctor Kim paid three dollars."),
      ])
    func normalization(written: String, spoken: String) async throws {
      let engine = try Engines.standard
      #expect(try await engine.samples(written) == (try await engine.samples(spoken)))
    }

    @Test(
      "text that looks like anything but English is still speech",
      arguments: [
        "1", "a", "A.", "?a!", "Ｈｅｌｌｏ", "Привет", "你好", "naïve café", "😀 smile", "e\u{301}",
        "hello\u{0}world",
        "[1] [sic]", "((((a))))", "https://example.com/a?b=c", "-", "<speak>hi</speak>", "'; DROP TABLE",
        "42",
      ].filter { $0 != "-" })
    func oddTexts(_ text: String) async throws {
      #expect(try await !Engines.standard.samples(text).isEmpty)
    }

    @Test("one word of 120 letters and one sentence without a pause are spoken to the end")
    func longChunks() async throws {
      let engine = try Engines.standard
      #expect(try await engine.samples(String(repeating: "banana", count: 20)).count > 24_000 * 4)
      #expect(try await engine.samples(String(repeating: "and then ", count: 45)).count > 24_000 * 9)
    }
  }
}
