import Chatterbox
import Foundation
import Tensor

/// Whole requests through the engine, as a program that uses the library sends them.
final class Requests {
  private let model: String
  private let configuration: EngineConfiguration
  private var loaded: ChatterboxEngine?

  /// - Parameters:
  ///   - folder: a model's, in a folder of models.
  ///   - type: of T3's matrices.
  ///   - threads: of the networks.
  ///   - tokens: speech tokens of a request; random weights never end a speech.
  init(folder: URL, type: WeightType, threads: Int, tokens: Int) {
    model = folder.lastPathComponent
    var configuration = EngineConfiguration()
    configuration.modelsDirectory = folder.deletingLastPathComponent().path
    (configuration.weightType, configuration.threads) = (type, threads)
    configuration.mostSpeechTokens = tokens
    self.configuration = configuration
  }

  /// The answer to a command; `nil` for one that is not of a request.
  func answer(_ command: String, _ rest: String) async throws -> [String: Double]? {
    switch command {
    case "engine":
      try await engine().load(model)
      return ["megabytes": Machine.residentMegabytes]
    case "whole": return try await speak(rest, .whole)
    case "early": return try await speak(rest, .early)
    case "together": return try await together(rest)
    case "soak": return try await soak(Int(rest) ?? 1)
    default: return nil
    }
  }

  private func engine() throws -> ChatterboxEngine {
    if let loaded { return loaded }
    let engine = try ChatterboxEngine(configuration)
    loaded = engine
    return engine
  }

  private func speak(_ text: String, _ delivery: SpeechDelivery) async throws -> [String: Double] {
    let stream = try engine().speak(
      SpeechRequest(text: text, model: model, seed: 1), delivery: delivery)
    let start = ContinuousClock.now
    var first: Double?
    var (samples, pieces) = (0, 0)
    // How much longer a listener would have had to wait than the sound before lasted.
    var gap = 0.0
    for try await chunk in stream {
      let now = start.duration(to: .now) / .seconds(1)
      first = first ?? now
      gap = max(gap, now - (first ?? now) - Double(samples) / Double(SpeechStream.sampleRate))
      samples += chunk.samples.count
      pieces += 1
    }
    let total = start.duration(to: .now) / .seconds(1)
    let duration = Double(samples) / Double(SpeechStream.sampleRate)
    return [
      "seconds": total, "first_audio": first ?? total, "audio": duration, "pieces": Double(pieces),
      "gap": gap,
    ]
  }

  /// Eight requests at once: the time for all, and for the first and the last to end.
  private func together(_ text: String) async throws -> [String: Double] {
    let start = ContinuousClock.now
    let ends = try await withThrowingTaskGroup(of: Double.self) { group in
      for _ in 0..<8 {
        group.addTask { [self] in
          _ = try await speak(text, .whole)
          return start.duration(to: .now) / .seconds(1)
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }.sorted()
    }
    return ["seconds": ends[7], "first_end": ends[0]]
  }

  /// Short requests of several lengths, one after the other: the memory after the first fifty and after all.
  ///
  /// Every fiftieth hears all of the voice's recording, the others a second of it, which is five times as fast.
  private func soak(_ count: Int) async throws -> [String: Double] {
    var configuration = configuration
    configuration.mostSpeechTokens = 4
    let engine = try ChatterboxEngine(configuration)
    var before = 0.0
    for index in 0..<count {
      let request = SpeechRequest(
        text: String(repeating: "now, ", count: index % 5) + "go.", model: model,
        promptSeconds: index % 50 == 0 ? nil : 1, seed: UInt64(index))
      _ = try await engine.generate(request)
      if index == min(49, count - 1) { before = Machine.residentMegabytes }
    }
    return ["megabytes_before": before, "megabytes_after": Machine.residentMegabytes]
  }
}

extension Requests: @unchecked Sendable {
  // Its engine is Sendable and is made by the first command, before any others run.
}
