import Foundation
import Testing

@testable import Chatterbox

/// A models folder of a test's own, with a voice of `Tests/Fixtures/vits` in it.
struct VoiceFolder {
  static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Fixtures/vits").standardized

  let temporary: TemporaryFolder
  let weights: URL
  var configuration: URL { URL(filePath: weights.path + ".json") }

  init(_ voice: String = "synthetic-x_low", named name: String = "voice") throws {
    temporary = try TemporaryFolder()
    let starter = temporary.url.appending(path: "starter")
    try FileManager.default.createDirectory(at: starter, withIntermediateDirectories: false)
    weights = starter.appending(path: "\(name).onnx")
    try FileManager.default.copyItem(at: Self.fixtures.appending(path: "\(voice).onnx"), to: weights)
    try FileManager.default.copyItem(
      at: Self.fixtures.appending(path: "\(voice).onnx.json"), to: configuration)
  }

  func engine() throws -> ChatterboxEngine { try Engines.inFolder(temporary) }
}

extension RealSpeech {
  @Suite("Voices of one's own")
  struct CustomVoiceTests {
    @Test(
      "any Piper voice in the starter's folder loads, at its own rate inside and 24 kHz outside",
      arguments: [
        ("synthetic-x_low", 16_000), ("synthetic-speakers-high", 22_050),
      ])
    func loads(voice: String, rate: Int) async throws {
      let folder = try VoiceFolder(voice)
      defer { withExtendedLifetime(folder) {} }
      let engine = try folder.engine()
      try await engine.load()
      let stream = try engine.speak(.init(text: "hello there", model: "starter", seed: 3))
      #expect(stream.info.modelSampleRate == rate)
      #expect(stream.info.sampleRate == 24_000)
      do {
        let samples = try await stream.allChunks.flatMap(\.samples)
        #expect(samples.allSatisfy { $0.isFinite && abs($0) <= 1 })
      } catch let error as ChatterboxError {
        // The weights are random, so what they say may fail the check; it must fail as just that.
        #expect(error.code == .outputRejected)
      }
    }

    @Test("of several voices the first by name speaks")
    func several() throws {
      let folder = try VoiceFolder(named: "b")
      #expect(folder.engineVoice == "b.onnx")
      for name in ["a.onnx", "a.onnx.json"] {
        try FileManager.default.copyItem(
          at: folder.weights.deletingLastPathComponent().appending(path: name.replacing("a.", with: "b.")),
          to: folder.weights.deletingLastPathComponent().appending(path: name))
      }
      #expect(folder.engineVoice == "a.onnx")
    }

    @Test("weights without their configuration are not installed, and espeak-ng speaks")
    func withoutConfiguration() async throws {
      let folder = try VoiceFolder()
      try FileManager.default.removeItem(at: folder.configuration)
      let speech = try await folder.engine().generate("Hello.")
      #expect(speech.info.model == "espeak")
      #expect(speech.info.warnings.map(\.code) == ["model_fallback"])
    }

    @Test("an empty folder, and none at all, are no engine's end")
    func nothingThere() async throws {
      let folder = try TemporaryFolder()
      let engine = try Engines.inFolder(folder) { $0.modelsDirectory = folder.path("missing") }
      #expect(engine.store.models.first { $0.name == "starter" }?.installed == false)
      try await engine.load()
      #expect(try await engine.generate("Hello.").info.model == "espeak")
    }
  }
}

extension VoiceFolder {
  fileprivate var engineVoice: String? {
    ModelStore(directory: temporary.url.path).starterVoice?.weights.lastPathComponent
  }
}
