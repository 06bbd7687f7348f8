import Synchronization
import Testing
import Text

@testable import Chatterbox

/// Where a read can be cancelled, each must end as a cancellation and not as some failure.
@Suite("Cancellation", .timeLimit(.minutes(1)))
struct CancellationTests {
  private static let long = String(repeating: "A long text takes a while to say. ", count: 2000)

  @Test("a model that is at work is interrupted")
  func duringStep() async throws {
    let model = StubModel(.stuck)
    let stream = try model.stream("Hello.")
    let task = Task { try await stream.allChunks }
    while model.chunks.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test("the work ends between two steps, far from the end of the text")
  func betweenSteps() async throws {
    let model = StubModel()
    let stream = try model.stream(Self.long)
    let task = Task {
      for try await _ in stream where model.steps == 5 { withUnsafeCurrentTask { $0?.cancel() } }
    }
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(model.steps <= 6)
  }

  @Test("a task that was cancelled before it began makes nothing")
  func before() async throws {
    let stream = try StubModel().stream("Hello.")
    let gate = AsyncStream<Void>.makeStream()
    let task = Task {
      for await _ in gate.stream {}
      return try await stream.allChunks
    }
    task.cancel()
    gate.continuation.finish()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test("espeak-ng's own word for a cancellation is one for the caller, too")
  func cancelledTool() {
    #expect(ChatterboxError.presentable(EspeakError.cancelled) is CancellationError)
  }
}
