import ArgumentParser
import Chatterbox
import Foundation
import Service
import Tensor

/// What every command that speaks can be told about the engine.
struct EngineOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The configuration file.", valueName: "file"))
  var config: String?

  @Option(
    help:
      "What computes: auto, cpu, cuda, cuda:1, metal, vulkan, or several, cuda:0,cuda:1, that share requests."
  )
  var device: String?

  @Option(help: "Threads that compute on the CPU; as many as the process may use by default.")
  var threads: Int?

  @Option(
    help: "How Chatterbox's token model stores its matrices: f32, bf16, f16, q8_0 or q4_0; converted once.",
    transform: weightType)
  var dtype: WeightType?

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads takes a number from 1 to 1024.")
    }
  }

  /// The configuration: the file, then the environment, then these options.
  func load() throws -> ServiceConfiguration {
    try ServiceConfiguration.load(path: config, environment: ProcessInfo.processInfo.environment)
  }

  /// The engine of that configuration.
  func makeEngine() throws -> ChatterboxEngine {
    try makeEngine(load())
  }

  func makeEngine(_ configuration: ServiceConfiguration) throws -> ChatterboxEngine {
    var engine = configuration.engine
    if let device { engine.device = device }
    if let threads { engine.threads = threads }
    if let dtype { engine.weightType = dtype }
    return try ChatterboxEngine(engine)
  }
}

private func weightType(_ name: String) throws -> WeightType {
  if let type = WeightType(rawValue: name) { return type }
  throw ValidationError("--dtype is one of \(WeightType.allCases.map(\.rawValue).joined(separator: ", ")).")
}
