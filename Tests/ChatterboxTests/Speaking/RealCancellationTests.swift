import Testing

@testable import Chatterbox

extension RealSpeech {
  @Suite("Real speech is cancelled", .timeLimit(.minutes(1)))
  struct RealCancellationTests {
    private static let long = String(repeating: "A long text takes a while to say. ", count: 2000)

    @Test("both real models end as cancelled, wherever they are", arguments: ["starter", "espeak"])
    func realModels(model: String) async throws {
      let engine = try Engines.standard
      try await engine.load()
      for milliseconds in [0, 1, 3, 10, 40, 150] {
        let task = Task { try await engine.generate(SpeechRequest(text: Self.long, model: model)) }
        try await Task.sleep(for: .milliseconds(milliseconds))
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
      }
    }

    @Test("one request's end leaves the others' samples as they are")
    func neighbour() async throws {
      let engine = try Engines.standard
      let expected = try await engine.samples("The neighbour is not disturbed.")
      let cancelled = Task { try await engine.generate(SpeechRequest(text: Self.long, model: "starter")) }
      async let spoken = engine.samples("The neighbour is not disturbed.")
      cancelled.cancel()
      #expect(try await spoken == expected)
      _ = await cancelled.result
    }

    @Test("a cancelled write leaves nothing behind")
    func file() async throws {
      let folder = try TemporaryFolder()
      let path = folder.path("out.wav")
      let stream = try Engines.standard.speak(
        .init(text: Self.long, model: "starter"))
      let (begun, signal) = AsyncStream<Double>.makeStream()
      let task = Task { try await stream.write(to: path) { signal.yield($0) } }
      var iterator = begun.makeAsyncIterator()
      let progress = try #require(await iterator.next())
      #expect(folder.contents.count == 1)
      #expect(folder.contents != ["out.wav"])
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
      #expect(progress < 0.1)
      #expect(folder.contents.isEmpty)
    }
  }
}
