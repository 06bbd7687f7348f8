import Testing
import Text

@testable import Chatterbox

@Suite("Several devices")
struct WorkerPoolTests {
  @Test("the one with the least to do speaks next, of equals the one chosen longest ago")
  func leases() throws {
    let models = try SmallModels(["turbo"])
    let folder = try #require(models.engine().store.checkpoints.first?.checkpoint)
    let pool = WorkerPool((0..<3).map { _ in ChatterboxWorker(folder, EngineConfiguration()) })
    var leases: [WorkerPool.Lease?] = (0..<4).map { _ in pool.lease() }
    let places = leases.map { lease in pool.workers.firstIndex { $0 === lease?.worker } }
    #expect(places == [0, 1, 2, 0])
    leases[1] = nil
    #expect(pool.busy == [2, 0, 1])
    let next = pool.lease()
    #expect(next.worker === pool.workers[1])
    leases = []
    withExtendedLifetime(next) { #expect(pool.busy == [0, 1, 0]) }
  }

  @Test("several workers speak as one does, at the same time")
  func speaking() async throws {
    let models = try SmallModels(["turbo"])
    let folder = try #require(models.engine().store.checkpoints.first?.checkpoint)
    var configuration = EngineConfiguration()
    configuration.mostSpeechTokens = 15
    // On one processor: on a machine with GPUs each would have its own.
    let model = ChatterboxModel(folder, configuration, devices: ["CPU", "CPU"], watermark: nil)
    try await model.load()
    let chunk = ModelInput(text: "Hello.", language: .english, lexicon: Lexicon(), seed: 4)
    let spoken = try await withThrowingTaskGroup(of: [Float].self) { group in
      for _ in 0..<4 {
        group.addTask {
          var samples: [Float] = []
          var source = try await model.speak(chunk)
          while let (more, rest) = try await source.next() {
            samples += more
            source = rest
          }
          return samples
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(spoken.count == 4 && spoken.allSatisfy { $0 == spoken[0] && !$0.isEmpty })
  }
}
