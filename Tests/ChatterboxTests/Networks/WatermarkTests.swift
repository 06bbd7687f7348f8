import Audio
import Chatterbox
import Foundation
import Testing

private let weights: URL? = {
  let store = ProcessInfo.processInfo.environment["CHATTERBOX_MODELS_CACHE_DIR"].map { URL(filePath: $0) }
  let folder = (store ?? ModelStore.standardDirectory).appending(path: "watermark")
  return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
}()

/// With the real weights, which set-up fetches; skipped where it has not.
@Suite("The watermark of an engine", .enabled(if: weights != nil))
struct WatermarkTests {
  @Test("what a Chatterbox model speaks carries it, at any pace, and what others speak does not")
  func marked() async throws {
    let models = try SmallModels(["turbo"])
    try FileManager.default.createSymbolicLink(
      at: models.folder.url.appending(path: "watermark"),
      withDestinationURL: try #require(weights))
    let engine = try models.engine(watermark: true)
    for speed in [1, 1.25] {
      let speech = try await engine.generate(
        SpeechRequest(text: "Hello there.", model: "turbo", speed: speed, seed: 3))
      let path = models.folder.path("speech.wav")
      try speech.save(to: path)
      #expect(try await engine.watermarkConfidence(inFile: path) > 0.9)
    }
    let plain = try await models.engine(watermark: false).generate(
      SpeechRequest(text: "Hello there.", model: "turbo", seed: 3))
    try plain.save(to: models.folder.path("plain.wav"))
    #expect(try await engine.watermarkConfidence(inFile: models.folder.path("plain.wav")) < 0.5)
  }

  @Test("a file that is no audio is refused")
  func noAudio() async throws {
    let models = try SmallModels(["turbo"])
    try FileManager.default.createSymbolicLink(
      at: models.folder.url.appending(path: "watermark"),
      withDestinationURL: try #require(weights))
    let path = models.folder.path("text.wav")
    try Data("no audio".utf8).write(to: URL(filePath: path))
    let error = await #expect(throws: ChatterboxError.self) {
      try await models.engine(watermark: true).watermarkConfidence(inFile: path)
    }
    #expect(error?.code == .voiceUnreadable)
  }
}
