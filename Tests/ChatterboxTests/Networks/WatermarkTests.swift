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

  @Test("speech in pieces carries it in each of them, and goes on smoothly")
  func pieces() async throws {
    let models = try SmallModels(["turbo"])
    try FileManager.default.createSymbolicLink(
      at: models.folder.url.appending(path: "watermark"), withDestinationURL: try #require(weights))
    let request = SpeechRequest(text: "Hello there, my friend.", model: "turbo", seed: 3)
    let marked = try await pieces(request, of: models.engine(watermark: true, tokens: 90))
    let plain = try await pieces(request, of: models.engine(watermark: false, tokens: 90)).flatMap(\.self)
    #expect(marked.count >= 3)
    #expect(marked.reduce(0) { $0 + $1.count } == plain.count)
    let engine = try models.engine(watermark: true)
    // What is left at the end may be too short for a mark.
    for samples in marked.filter({ $0.count > 2400 }) + [marked.flatMap(\.self)] {
      let path = models.folder.path("piece.wav")
      try AudioBuffer(samples: samples, sampleRate: 24_000).saveWAV(to: path)
      #expect(try await engine.watermarkConfidence(inFile: path) > 0.8)
    }
    // Where pieces meet the mark is silent: the samples there are the model's own.
    var joint = 0
    for piece in marked.dropLast() {
      let last = piece[piece.count - 1]
      joint += piece.count
      #expect(abs(last - plain[joint - 1]) < 1e-4)
    }
  }

  private func pieces(_ request: SpeechRequest, of engine: ChatterboxEngine) async throws -> [[Float]] {
    var pieces: [[Float]] = []
    for try await chunk in try engine.speak(request) { pieces.append(chunk.samples) }
    return pieces
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
