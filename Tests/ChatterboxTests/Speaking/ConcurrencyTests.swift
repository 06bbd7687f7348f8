import Chatterbox
import Testing

extension RealSpeech {
  @Suite("Many requests at once")
  struct ConcurrencyTests {
    private static let requests: [SpeechRequest] = (1...8).map { (number: Int) -> SpeechRequest in
      var request = SpeechRequest(
        text: "Request number \(number) has its own words. [pause 100ms] And an end.")
      request.model = number == 4 ? "espeak" : "starter"
      request.speed = number == 3 ? 1.3 : nil
      request.seed = UInt64(number)
      return request
    }

    @Test("each gives what it gives alone")
    func equalToAlone() async throws {
      let engine = try Engines.standard
      var alone: [[Float]] = []
      for request in Self.requests { alone.append(try await engine.samples(request)) }
      let together = try await withThrowingTaskGroup(of: (Int, [Float]).self) { group in
        for (index, request) in Self.requests.enumerated() {
          group.addTask { (index, try await engine.samples(request)) }
        }
        return try await group.reduce(into: [Int: [Float]]()) { $0[$1.0] = $1.1 }
      }
      for (index, samples) in alone.enumerated() { #expect(together[index] == samples) }
    }

    @Test("an engine that many tasks use first reads its weights for all of them")
    func firstUse() async throws {
      let engine = try ChatterboxEngine(Engines.configuration)
      let results = try await withThrowingTaskGroup(of: [Float].self) { group in
        for _ in 0..<6 { group.addTask { try await engine.samples("Hello.") } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(Set(results).count == 1)
    }

    @Test("two engines of one voice agree, however many threads they have")
    func threads() async throws {
      var configuration = Engines.configuration
      configuration.threads = 1
      let single = try await ChatterboxEngine(configuration).samples("Hello there.")
      let standard = try await Engines.standard.samples("Hello there.")
      #expect(single.count == standard.count)
      #expect(zip(single, standard).allSatisfy { abs($0 - $1) < 0.01 })
    }

    @Test("a short request does not wait for the end of a long one")
    func turns() async throws {
      let engine = try Engines.standard
      let long = String(repeating: "A long text takes a while to say. ", count: 60)
      let reader = Task {
        var finished = 0.0
        for try await chunk in try engine.speak(.init(text: long, model: "starter")) {
          finished = chunk.progress
        }
        return finished
      }
      _ = try await engine.samples("Short.")
      reader.cancel()
      await #expect(throws: CancellationError.self) { try await reader.value }
    }
  }
}
