import Audio
import Chatterbox
import Foundation
import Testing

@Suite("Chatterbox models, small and random", .serialized)
struct ChatterboxModelTests {
  @Test("a model in its folder speaks, the same for the same seed", arguments: ["turbo", "standard"])
  func speaks(model: String) async throws {
    let models = try SmallModels([model])
    let engine = try models.engine()
    let request = SpeechRequest(text: "Hello.", model: model, temperature: 0.9, seed: 7)
    let speech = try await engine.generate(request)
    #expect(speech.info.model == model)
    #expect(speech.info.warnings.isEmpty)
    #expect(speech.audio.duration > 0.3)
    #expect(try await engine.generate(request).audio == speech.audio)
    var other = request
    other.seed = 8
    #expect(try await engine.generate(other).audio != speech.audio)
    withExtendedLifetime(models) {}
  }

  @Test("what a model does not have is ignored with a warning, and a tag that Turbo knows stays")
  func parameters() throws {
    let models = try SmallModels(["turbo"])
    let engine = try models.engine()
    let stream = try engine.speak(
      SpeechRequest(text: "Well [laughs] hello.", model: "turbo", exaggeration: 1, minP: 0.1, seed: 1))
    #expect(stream.info.warnings.map(\.code) == ["parameter_ignored", "parameter_ignored"])
    let refused = #expect(throws: ChatterboxError.self) {
      try engine.speak(SpeechRequest(text: "Hello.", model: "turbo", temperature: 6))
    }
    #expect(refused?.field == "temperature")
    withExtendedLifetime(models) {}
  }

  @Test("a recording becomes a voice that speaks, is saved, converts, and is for its own models only")
  func cloning() async throws {
    let models = try SmallModels(["turbo", "standard"])
    let engine = try models.engine()
    let recording = models.folder.path("me.wav")
    try saveRecording(seconds: 6, to: recording)
    let voice = try await engine.cloneVoice(from: recording, for: "turbo", name: "me")
    #expect(voice.family == .turbo && voice.name == "me")
    try engine.voices.save(voice)
    let request = SpeechRequest(text: "Hello.", model: "turbo", voice: "me", seed: 1)
    let spoken = try await engine.generate(request).audio
    #expect(
      spoken != (try await engine.generate(SpeechRequest(text: "Hello.", model: "turbo", seed: 1)).audio))
    let converted = try await engine.convert(recording, to: voice, model: "turbo")
    #expect(abs(converted.duration - 6) < 0.2)
    let refused = #expect(throws: ChatterboxError.self) {
      try engine.speak(SpeechRequest(text: "Hello.", model: "standard", voice: "me"))
    }
    #expect(refused?.field == "voice")
  }

  @Test("a recording that no voice can be made of is refused with its reason")
  func badRecordings() async throws {
    let models = try SmallModels(["turbo", "standard"])
    let engine = try models.engine()
    let recording = models.folder.path("bad.wav")
    func refusal(_ model: String) async -> ChatterboxError? {
      await #expect(throws: ChatterboxError.self) {
        try await engine.cloneVoice(from: recording, for: model)
      }
    }
    #expect(await refusal("turbo")?.code == .voiceUnreadable)
    try saveRecording(seconds: 3, to: recording)
    #expect(await refusal("turbo")?.message.contains("5") == true)
    try AudioBuffer(samples: silence(8 * 24_000), sampleRate: 24_000).saveWAV(to: recording)
    #expect(await refusal("standard")?.code == .voiceUnreadable)
    let clipped = noise(8 * 24_000, amplitude: 0.5).map { $0 > 0 ? Float(1) : -1 }
    try AudioBuffer(samples: clipped, sampleRate: 24_000).saveWAV(to: recording)
    #expect(await refusal("standard")?.code == .voiceUnreadable)
    try Data("no audio".utf8).write(to: URL(filePath: recording))
    #expect(await refusal("standard")?.message.contains(models.folder.url.path) == false)
    #expect(await refusal("espeak")?.field == "model")
    #expect(await refusal("nano")?.code == .modelNotInstalled)
  }

  @Test("a damaged model names its file and key, and without the watermark's weights nothing is spoken")
  func damaged() async throws {
    let models = try SmallModels(["turbo"])
    #expect(throws: ChatterboxError.noWatermark) {
      try models.engine(watermark: true).speak(SpeechRequest(text: "Hello.", model: "turbo"))
    }
    // The decoder is read when the first tokens are there; the token model before.
    for name in ["s3gen_meanflow", "t3_turbo_v1"] {
      let file = models.folder.path("turbo/\(name).safetensors")
      try SyntheticCheckpoint.named("ve").safetensors().write(to: URL(filePath: file))
      let error = await #expect(throws: ChatterboxError.self) {
        try await models.engine(tokens: 5).generate(SpeechRequest(text: "Hello.", model: "turbo"))
      }
      #expect(error?.code == .modelUnreadable)
      #expect(error?.message.contains("\(name).safetensors") == true)
    }
  }

  /// Something with the loudness and the pauses of speech.
  private func saveRecording(seconds: Int, to path: String) throws {
    let hum = noise(seconds * 24_000, amplitude: 0.3)
    let samples = hum.enumerated().map { index, value in
      let time = Float(index) / 24_000
      return 0.3 * value * (0.6 + 0.4 * sinf(2 * .pi * 3 * time)) + 0.2 * sinf(2 * .pi * 140 * time)
    }
    try AudioBuffer(samples: samples, sampleRate: 24_000).saveWAV(to: path)
  }
}
