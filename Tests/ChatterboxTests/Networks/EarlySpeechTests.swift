import Audio
import Foundation
import Testing

@testable import Chatterbox

@Suite("Speech that is heard while it is made", .serialized)
struct EarlySpeechTests {
  private static let text = "Hello there, how are you today?"

  private func pieces(_ stream: SpeechStream) async throws -> [[Float]] {
    var pieces: [[Float]] = []
    for try await chunk in stream { pieces.append(chunk.samples) }
    return pieces
  }

  @Test(
    "comes in pieces, the first one small, of the whole's length and loudness",
    arguments: ["turbo", "standard"])
  func pieces(model: String) async throws {
    let models = try SmallModels([model])
    let engine = try models.engine(tokens: 100)
    let request = SpeechRequest(text: Self.text, model: model, seed: 5)
    let whole = try await pieces(engine.speak(request, delivery: .whole)).flatMap(\.self)
    let early = try await pieces(engine.speak(request))
    #expect(early.count >= 3)
    #expect(early[0].count < whole.count / 4)
    let joined = early.flatMap(\.self)
    #expect(abs(joined.count - whole.count) < 480)
    let loudness = { (samples: [Float]) in
      (samples.reduce(0) { $0 + $1 * $1 } / Float(samples.count)).squareRoot()
    }
    #expect(abs(loudness(joined) / loudness(whole) - 1) < 0.2)
    #expect(try await pieces(engine.speak(request)).flatMap(\.self) == joined)
  }

  @Test("has no click where pieces meet")
  func joints() async throws {
    let models = try SmallModels(["turbo"])
    let stream = try models.engine(tokens: 100).speak(SpeechRequest(text: Self.text, model: "turbo", seed: 5))
    let early = try await pieces(stream)
    let joined = early.flatMap(\.self)
    let jumps = zip(joined, joined.dropFirst()).map { abs($0 - $1) }
    // A click is a jump such as the speech itself does not have.
    let largest = jumps.sorted()[jumps.count * 999 / 1000]
    var joint = 0
    for piece in early.dropLast() {
      joint += piece.count
      #expect(jumps[joint - 1] <= largest)
    }
  }

  @Test("eight at once say what each says alone", arguments: ["turbo", "standard"])
  func together(model: String) async throws {
    let models = try SmallModels([model])
    let engine = try models.engine(tokens: 40)
    let requests = (0..<8).map { index in
      SpeechRequest(
        text: String(Self.text.prefix(12 + 2 * index)), model: model, seed: UInt64(index))
    }
    var alone: [[Float]] = []
    for request in requests { alone.append(try await engine.generate(request).audio.samples) }
    let together = try await withThrowingTaskGroup(of: (Int, [Float]).self) { group in
      for (index, request) in requests.enumerated() {
        group.addTask { (index, try await engine.generate(request).audio.samples) }
      }
      return try await group.reduce(into: [[Float]](repeating: [], count: 8)) { $0[$1.0] = $1.1 }
    }
    for (one, other) in zip(together, alone) {
      #expect(one.count == other.count)
      #expect(zip(one, other).allSatisfy { abs($0 - $1) < 1e-3 })
    }
  }

  @Test("a reader that leaves or is slow does not keep others, and what it left is forgotten")
  func leaving() async throws {
    let models = try SmallModels(["turbo"])
    let engine = try models.engine(tokens: 100)
    let worker = try await engine.chatterboxModel("turbo").model.worker
    let request = SpeechRequest(text: Self.text, model: "turbo", seed: 5)
    var slow: SpeechStream.Iterator? = try engine.speak(request).makeAsyncIterator()
    _ = try await slow?.next()
    #expect(await worker.utteranceCount == 1)
    let other = try await engine.generate(request)
    #expect(other.audio.duration > 1)
    // The slow one goes on where it was.
    #expect(try await slow?.next() != nil)
    slow = nil
    while await worker.utteranceCount > 0 { try await Task.sleep(for: .milliseconds(5)) }
  }

  @Test("cancelling ends the work, whatever it is waiting for")
  func cancelling() async throws {
    let models = try SmallModels(["turbo"])
    let engine = try models.engine()
    let worker = try await engine.chatterboxModel("turbo").model.worker
    let long = SpeechRequest(text: String(repeating: "So it goes. ", count: 40), model: "turbo", seed: 1)
    let tasks = (0..<5).map { _ in Task { try await engine.generate(long) } }
    while await worker.utteranceCount < 3 { try await Task.sleep(for: .milliseconds(5)) }
    tasks.forEach { $0.cancel() }
    for task in tasks {
      await #expect(throws: CancellationError.self) { try await task.value }
    }
    while await worker.utteranceCount > 0 { try await Task.sleep(for: .milliseconds(5)) }
    let short = try await models.engine(tokens: 10).generate(SpeechRequest(text: "Hi.", model: "turbo"))
    #expect(short.audio.duration > 0.2)
  }

  @Test("fewer flow steps and a shorter prompt change the speech, out of range they are refused")
  func cheaper() async throws {
    let models = try SmallModels(["turbo"])
    let engine = try models.engine(tokens: 20)
    let plain = SpeechRequest(text: "Hello.", model: "turbo", seed: 5)
    let whole = try await engine.generate(plain).audio
    var fewer = plain
    fewer.flowSteps = 1
    #expect(try await engine.generate(fewer).audio != whole)
    var usual = plain
    (usual.flowSteps, usual.promptSeconds) = (2, 10)
    #expect(try await engine.generate(usual).audio == whole)
    for (steps, seconds, field) in [(0, 5, "flow_steps"), (51, 5, "flow_steps"), (2, 0.5, "prompt_seconds")] {
      var wrong = plain
      (wrong.flowSteps, wrong.promptSeconds) = (steps, seconds)
      #expect(#expect(throws: ChatterboxError.self) { try engine.speak(wrong) }?.field == field)
    }
  }
}
