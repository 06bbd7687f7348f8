import Audio
import Tensor
import Testing
import Text

@testable import Chatterbox

@Suite("SpeechStream")
struct SpeechStreamTests {
  private static let sentence = "This is a sentence of eight spoken words. "

  @Test("nothing is made before it is read, and one chunk ahead of the reader at most")
  func lazy() async throws {
    let model = StubModel()
    let stream = try model.stream(String(repeating: Self.sentence, count: 500))
    #expect(model.chunks.isEmpty)
    var iterator = stream.makeAsyncIterator()
    _ = try #require(try await iterator.next())
    #expect(model.chunks.count == 1)
    #expect(model.steps == 1)
  }

  @Test("who stops reading stops the work")
  func droppedIterator() async throws {
    let model = StubModel()
    for try await _ in try model.stream(String(repeating: Self.sentence, count: 500)) { break }
    let steps = model.steps
    await Task.yield()
    #expect(model.steps == steps)
    #expect(model.chunks.count == 1)
  }

  @Test("10,000 words stream in pieces of bounded size, with progress up to 1")
  func longText() async throws {
    let model = StubModel()
    var (progress, largest, chunks) = (0.0, 0, 0)
    for try await chunk in try model.stream(String(repeating: Self.sentence, count: 1250)) {
      #expect(chunk.progress >= progress)
      progress = chunk.progress
      largest = max(largest, chunk.samples.count)
      chunks += 1
    }
    #expect(progress == 1)
    #expect(model.chunks.count > 250)
    #expect(chunks > 2 * model.chunks.count)
    #expect(largest < 5 * SpeechStream.sampleRate)
  }

  @Test("a stream can be read again, from the beginning and with the same samples")
  func readTwice() async throws {
    let stream = try StubModel().stream("One. [pause 400ms] Two.")
    #expect(try await stream.allChunks == (try await stream.allChunks))
  }

  @Test("no chunk is empty, even where a step of the model has nothing ready")
  func noEmptyChunks() async throws {
    let chunks = try await StubModel().stream("Hello. [pause 0ms] World. [pause 0s]").allChunks
    #expect(chunks.allSatisfy { !$0.samples.isEmpty })
  }

  @Test("what the caller is told is known before the first sample")
  func info() throws {
    let info = try StubModel().stream("Hello.").info
    #expect(info.model == "starter")
    #expect(info.language == "en")
    #expect(info.sampleRate == 24_000)
    #expect(info.modelSampleRate == 22_050)
    #expect(info.seed == 1)
  }

  @Test(
    "audio that is damaged, silent or endless is withheld",
    arguments: [
      StubModel.Behaviour.samples(StubModel.hum(seconds: 0.5) + [.nan] + StubModel.hum(seconds: 0.5)),
      .samples(StubModel.hum(seconds: 0.5, amplitude: 50)), .samples(silence(22_050)), .samples([]),
      .runaway(StubModel.hum(seconds: 0.5)),
    ])
  func rejectedOutput(_ behaviour: StubModel.Behaviour) async throws {
    let error = try await refusal { try await StubModel(behaviour).stream("Hello.").allChunks }
    #expect(error.code == .outputRejected)
  }

  @Test("a constant is no speech")
  func constantOutput() async throws {
    let model = StubModel(.samples([Float](repeating: 0.5, count: 22_050)))
    let error = try await refusal { try await model.stream("Hello.").allChunks }
    #expect(error.code == .outputRejected)
  }

  @Test(
    "a model that does not end is stopped long before it would",
    arguments: [
      StubModel.Behaviour.runaway(StubModel.hum(seconds: 1)), .runaway(silence(22_050)),
    ])
  func runaway(behaviour: StubModel.Behaviour) async throws {
    let model = StubModel(behaviour)
    let error = try await refusal { try await model.stream("Hello.").allChunks }
    #expect(error.code == .outputRejected)
    #expect(model.steps < 50)
  }

  @Test("silence after the first word does not pile up")
  func trailingSilence() throws {
    let shaper = try ChunkShaper(modelRate: 22_050, outputRate: 24_000, speed: 1, characters: 5)
    _ = try shaper.process(StubModel.hum(seconds: 0.5))
    #expect(throws: AudioCheckError.self) {
      for _ in 0..<100 { _ = try shaper.process(silence(22_050)) }
    }
  }

  @Test("a failure below has a code of ours")
  func failures() async throws {
    let failures: [(any Error, ChatterboxError.Code)] = [
      (EspeakError.missing, .toolUnavailable),
      (EspeakError.failed("exit status 1"), .toolUnavailable),
      (TensorError.missingTensor(file: "a.onnx", key: "k"), .modelUnreadable),
      (AudioProcessingError.unsupportedSampleRate(3), .outputRejected),
      (AudioCheckError.silent(rms: 0), .outputRejected),
      (ChatterboxError(.outputNotWritable, "Full."), .outputNotWritable),
    ]
    for (failure, code) in failures {
      let error = try await refusal { try await StubModel(.failing(failure)).stream("Hello.").allChunks }
      #expect(error.code == code)
    }
  }
}
