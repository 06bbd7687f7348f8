import Foundation
import Synchronization
import Testing
import Text

@testable import Chatterbox

/// A model that hums instead of speaking, keeps count of what it is asked for, and fails when told to.
final class StubModel: SpeechModel {
  /// What the model does with a chunk.
  enum Behaviour: Sendable {
    /// Two steps of 0.1 s each a chunk, and 0.02 s more a character.
    case hum
    /// The same samples in each of a hundred steps: more than any check should wait for.
    case runaway([Float])
    /// A step with these samples and nothing more.
    case samples([Float])
    /// One step, then an error.
    case failing(any Error)
    /// A step that only ends when its task is cancelled.
    case stuck
  }

  let name = ModelName.starter
  let sampleRate = 22_050
  let identity = "stub"
  private let behaviour: Behaviour
  private let counts = Mutex((chunks: [String](), steps: 0))

  init(_ behaviour: Behaviour = .hum) {
    self.behaviour = behaviour
  }

  /// The chunks that were begun.
  var chunks: [String] { counts.withLock { $0.chunks } }
  /// The steps that were made.
  var steps: Int { counts.withLock { $0.steps } }

  /// A stream of a text by this model.
  func stream(_ text: String, speed: Double = 1) throws -> SpeechStream {
    SpeechStream(try .plain(text, speed: speed), model: self)
  }

  func speak(_ chunk: ModelInput) async throws -> SampleSource {
    counts.withLock { $0.chunks.append(chunk.text) }
    switch behaviour {
    case .hum:
      let half = Self.hum(seconds: 0.1 + 0.01 * Double(chunk.text.count))
      return source(half).followed { self.source(half) }
    case .runaway(let samples): return runaway(samples, steps: 100)
    case .samples(let samples): return source(samples)
    case .failing(let error): return source(Self.hum(seconds: 0.3)).followed { throw error }
    case .stuck:
      return SampleSource {
        try await Task.sleep(for: .seconds(3600))
        return nil
      }
    }
  }

  private func source(_ samples: [Float]) -> SampleSource {
    SampleSource {
      self.counts.withLock { $0.steps += 1 }
      return (samples, .empty)
    }
  }

  private func runaway(_ samples: [Float], steps: Int) -> SampleSource {
    steps == 0 ? .empty : source(samples).followed { self.runaway(samples, steps: steps - 1) }
  }

  /// A tone of 200 Hz at the model's rate.
  static func hum(seconds: Double, amplitude: Float = 0.3) -> [Float] {
    (0..<Int(seconds * 22_050)).map { amplitude * Float(sin(2 * .pi * 200 * Double($0) / 22_050)) }
  }
}

// A short name, since the samples themselves would fill the log.
extension StubModel.Behaviour: CustomTestStringConvertible {
  var testDescription: String {
    switch self {
    case .hum: "hum"
    case .runaway(let samples): "\(samples.count) samples without end"
    case .samples(let samples): "\(samples.count) samples"
    case .failing: "failing"
    case .stuck: "stuck"
    }
  }
}
