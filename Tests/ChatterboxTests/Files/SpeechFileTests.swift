import Audio
import Foundation
import Testing

@testable import Chatterbox

@Suite("Speech in a file")
struct SpeechFileTests {
  private let folder: TemporaryFolder
  private var path: String { folder.path("out.wav") }

  init() throws { folder = try TemporaryFolder() }

  private let text = "One. [pause 400ms] Two."

  @Test("the file is whole, and the summary has its hash", arguments: WAVEncoding.allCases)
  func whole(encoding: WAVEncoding) async throws {
    let stream = try StubModel().stream(text)
    let summary = try await stream.write(to: path, encoding)
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
    #expect(summary.sha256 == SHA256Digest.hexadecimal(of: bytes))
    let audio = try WAVReader.read(bytes)
    let expected = try await stream.allChunks.flatMap(\.samples)
    #expect(audio.sampleRate == 24_000)
    #expect(audio.samples.count == expected.count)
    #expect(zip(audio.samples, expected).allSatisfy { abs($0 - $1) < 0.0001 })
    #expect(summary.timings.duration == Double(expected.count) / 24_000)
    #expect(folder.contents == ["out.wav"])
  }

  @Test("a stream written to a file and speech saved whole are the same bytes")
  func saved() async throws {
    let speech = try await Speech(collecting: StubModel().stream(text))
    let hash = try speech.save(to: path)
    #expect(hash == (try await StubModel().stream(text).write(to: folder.path("other.wav")).sha256))
    #expect(folder.contents == ["other.wav", "out.wav"])
  }

  @Test("2,000 words go to a file piece by piece, in order, to the end")
  func longText() async throws {
    let model = StubModel()
    var progress: [Double] = []
    let text = String(repeating: "This is a sentence of eight spoken words. ", count: 250)
    let summary = try await model.stream(text).write(to: path) { progress.append($0) }
    #expect(progress.count > 100)
    #expect(progress == progress.sorted())
    #expect(progress.last == 1)
    #expect(summary.sha256 == (try SHA256Digest.hexadecimal(ofFile: path)))
    let size = try #require(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
    #expect(size == 44 + 2 * Int((summary.timings.duration * 24_000).rounded()))
  }

  @Test("an existing file is replaced")
  func replaced() async throws {
    try Data("old".utf8).write(to: URL(filePath: path))
    let summary = try await StubModel().stream(text).write(to: path)
    #expect(summary.sha256 == (try SHA256Digest.hexadecimal(ofFile: path)))
    #expect(folder.contents == ["out.wav"])
  }

  @Test(
    "a failure leaves no file behind, and an old one as it was",
    arguments: [
      StubModel.Behaviour.failing(ChatterboxError(.toolUnavailable, "Gone.")), .samples(silence(22_050)),
    ])
  func failure(behaviour: StubModel.Behaviour) async throws {
    await #expect(throws: ChatterboxError.self) {
      try await StubModel(behaviour).stream(text).write(to: path)
    }
    #expect(folder.contents.isEmpty)
    try Data("old".utf8).write(to: URL(filePath: path))
    await #expect(throws: ChatterboxError.self) {
      try await StubModel(behaviour).stream(text).write(to: path)
    }
    #expect(folder.contents == ["out.wav"])
    #expect(try Data(contentsOf: URL(filePath: path)) == Data("old".utf8))
  }
}
