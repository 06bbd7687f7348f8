import Chatterbox
import Testing

extension RealSpeech {
  @Suite("[pause 400ms]")
  struct PauseTests {
    private func chunks(_ text: String, speed: Double = 1) async throws -> [AudioChunk] {
      let request = SpeechRequest(text: text, model: "starter", speed: speed, seed: 1)
      return try await Engines.standard.speak(request).allChunks
    }

    @Test("is exactly 9,600 zeros, at any speed", arguments: [0.5, 1, 2])
    func exact(speed: Double) async throws {
      let chunks = try await chunks("Ready. [pause 400ms] Go.", speed: speed)
      let silent = chunks.filter { $0.samples.allSatisfy { $0 == 0 } }
      #expect(silent.map(\.samples.count) == [9600])
      // What is beside it may end in zeros of its own: those of a fade, and at other speeds sonic's.
      let runs = chunks.flatMap(\.samples).zeroRuns(atLeast: 9600)
      #expect(runs.count == 1)
      #expect((9600...9800).contains(runs[0]))
    }

    @Test("adds its length to the sample, and changes nothing else")
    func addition() async throws {
      let short = try await chunks("Ready. [pause 400ms] Go.").flatMap(\.samples)
      let long = try await chunks("Ready. [pause 800ms] Go.").flatMap(\.samples)
      let none = try await chunks("Ready. [pause 0ms] Go.").flatMap(\.samples)
      #expect(short.count - none.count == 9600)
      #expect(long.count - short.count == 9600)
      let difference = try #require(
        zip(none, short).enumerated().first { $0.element.0 != $0.element.1 }?.offset)
      #expect(short.dropFirst(difference + 9600) == none.dropFirst(difference))
    }

    @Test("may stand first, last and twice")
    func anywhere() async throws {
      let plain = try await chunks("Ready.").flatMap(\.samples)
      let paused = try await chunks("[pause 100ms] [pause 200ms] Ready. [pause 1s]").flatMap(\.samples)
      #expect(paused.count == plain.count + 2400 + 4800 + 24_000)
      #expect(paused.prefix(7200).allSatisfy { $0 == 0 })
      #expect(paused.suffix(24_000).allSatisfy { $0 == 0 })
      #expect(Array(paused[7200...].dropLast(24_000)) == plain)
    }
  }
}
