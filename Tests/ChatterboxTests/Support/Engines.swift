import Audio
import Chatterbox
import Foundation
import Testing
import Text

/// Engines that tests share, so that weights are read once.
enum Engines {
  /// The engine of this machine, with the starter voice that `make setup` installs.
  static var standard: ChatterboxEngine {
    get throws { try sharedStandard.get() }
  }

  private static let sharedStandard = Result { try ChatterboxEngine(configuration) }

  /// The default configuration, with the models where set-up put them.
  static var configuration: EngineConfiguration {
    var configuration = EngineConfiguration()
    configuration.modelsDirectory = ProcessInfo.processInfo.environment["CHATTERBOX_MODELS_CACHE_DIR"]
    return configuration
  }

  /// An engine whose models are in a folder: without any there, only espeak-ng speaks.
  static func inFolder(
    _ folder: TemporaryFolder, _ change: (inout EngineConfiguration) -> Void = { _ in }
  ) throws -> ChatterboxEngine {
    var configuration = EngineConfiguration()
    configuration.modelsDirectory = folder.url.path
    change(&configuration)
    return try ChatterboxEngine(configuration)
  }
}

extension ChatterboxEngine {
  /// The samples of a request.
  func samples(_ request: SpeechRequest) async throws -> [Float] {
    try await generate(request).audio.samples
  }

  /// The samples of a text in English by the starter voice, the same on every call.
  func samples(_ text: String, speed: Double? = nil, lexicon: Lexicon? = nil) async throws -> [Float] {
    try await samples(
      SpeechRequest(text: text, model: "starter", speed: speed, seed: 1, lexicon: lexicon))
  }
}

/// The error that something throws, which must be one of ours.
func refusal<Value>(
  _ operation: () async throws -> Value, sourceLocation: SourceLocation = #_sourceLocation
) async throws -> ChatterboxError {
  try await #require(throws: ChatterboxError.self, sourceLocation: sourceLocation) {
    _ = try await operation()
  }
}
