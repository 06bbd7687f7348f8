import Foundation
import Testing

@testable import Chatterbox

extension RealSpeech {
  @Suite("Damaged voices")
  struct DamagedVoiceTests {
    private func expectUnreadable(
      _ error: ChatterboxError, _ folder: VoiceFolder, sourceLocation: SourceLocation = #_sourceLocation
    ) {
      #expect(error.code == .modelUnreadable, sourceLocation: sourceLocation)
      #expect(error.message.contains("voice.onnx"), "\(error.message)", sourceLocation: sourceLocation)
      #expect(
        !error.message.contains(folder.temporary.url.path), "\(error.message)", sourceLocation: sourceLocation
      )
    }

    @Test(
      "weights that are cut off, empty or something else name the file and not its path",
      arguments: [
        0, 1, 100, 60_000, 640_000,
      ])
    func truncated(length: Int) async throws {
      let folder = try VoiceFolder()
      try Data(contentsOf: folder.weights).prefix(length).write(to: folder.weights)
      let engine = try folder.engine()
      expectUnreadable(try await refusal { try await engine.load() }, folder)
      expectUnreadable(try await refusal { try await engine.generate("Hello.") }, folder)
    }

    @Test("random bytes are no weights")
    func garbage() async throws {
      let folder = try VoiceFolder()
      var generator = SeededGenerator(seed: 1)
      try Data((0..<50_000).map { _ in UInt8.random(in: 0...255, using: &generator) }).write(
        to: folder.weights)
      let engine = try folder.engine()
      expectUnreadable(try await refusal { try await engine.load() }, folder)
    }

    static let configurations = [
      "", "{", "[]", "null", "{}", "\u{FF}", #"{"audio": {"sample_rate": 22050}}"#,
      #"{"audio": {"sample_rate": 0}, "espeak": {"voice": "en-us"}, "phoneme_id_map": {"_": [0], "^": [1], "$": [2]}}"#,
      #"{"audio": {"sample_rate": 22050}, "espeak": {"voice": "en-us"}, "phoneme_id_map": {"_": [0]}}"#,
      #"{"audio": {"sample_rate": 22050}, "phoneme_type": "text", "phoneme_id_map": {"_": [0], "^": [1], "$": [2]}}"#,
    ]

    @Test(
      "a configuration that is no Piper voice's stops the engine with a clear error",
      arguments: configurations)
    func configuration(json: String) async throws {
      let folder = try VoiceFolder()
      try Data(json.utf8).write(to: folder.configuration)
      let error = try await refusal { try folder.engine() }
      #expect(error.code == .modelUnreadable)
      #expect(error.message.contains("starter voice"))
      #expect(!error.message.contains(folder.temporary.url.path), "\(error.message)")
    }

    @Test("a folder in place of the configuration does not tell its path")
    func folderAsConfiguration() async throws {
      let folder = try VoiceFolder()
      try FileManager.default.removeItem(at: folder.configuration)
      try FileManager.default.createDirectory(at: folder.configuration, withIntermediateDirectories: false)
      do {
        _ = try await folder.engine().generate("Hello.")
      } catch let error as ChatterboxError {
        #expect(!error.message.contains(folder.temporary.url.path), "\(error.message)")
      }
    }

    @Test("phonemes that the network does not know are found when it is loaded")
    func foreignIDs() async throws {
      let folder = try VoiceFolder()
      let json = try String(contentsOf: folder.configuration, encoding: .utf8)
      try Data(json.replacing("\"^\": [1]", with: "\"^\": [100000]").utf8).write(to: folder.configuration)
      let engine = try folder.engine()
      expectUnreadable(try await refusal { try await engine.load() }, folder)
    }

    @Test("a device that this machine does not have is told with those it has")
    func unknownDevice() async throws {
      let folder = try VoiceFolder()
      let error = try await refusal {
        try await Engines.inFolder(folder.temporary) { $0.device = "cuda:7" }.load()
      }
      #expect(error.message.contains("cuda:7"))
      #expect(error.message.contains("CPU"))
    }

    @Test("an espeak-ng voice that does not exist is an error, not silence")
    func unknownPhonemizer() async throws {
      let folder = try VoiceFolder()
      let json = try String(contentsOf: folder.configuration, encoding: .utf8)
      try Data(json.replacing("en-us", with: "xx-none").utf8).write(to: folder.configuration)
      let engine = try folder.engine()
      let error = try await refusal { try await engine.generate("Hello.") }
      #expect(error.code == .toolUnavailable)
    }
  }
}
