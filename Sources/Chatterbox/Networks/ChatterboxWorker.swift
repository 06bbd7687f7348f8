import Audio
import Foundation
import Models
import Tensor
import Text

/// The one owner of a Chatterbox model's networks: text to waveform, audio to voice, speech to speech.
actor ChatterboxWorker {
  private let folder: InstalledCheckpoint
  private let configuration: EngineConfiguration
  private let executor: InferenceExecutor
  private var loaded: ChatterboxNetworks?

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  init(_ folder: InstalledCheckpoint, _ configuration: EngineConfiguration) {
    self.folder = folder
    self.configuration = configuration
    executor = InferenceExecutor(label: "chatterbox.\(folder.kind.rawValue)")
  }

  func load() throws { _ = try networks() }

  /// The waveform of a chunk, 24 kHz, without a watermark.
  func speak(_ chunk: ModelInput) async throws -> [Float] {
    let text = try await networks().front.tokens(of: chunk)
    try Task.checkCancellation()
    return try networks().speak(text, chunk)
  }

  /// The voice that audio is spoken in.
  func voice(from audio: AudioBuffer, name: String) throws -> Voice {
    try networks().voice(from: audio, name: name)
  }

  /// Speech in another voice, 24 kHz, without a watermark; `nil` is the model's own.
  func converted(_ audio: AudioBuffer, to voice: Voice?, seed: UInt64) throws -> [Float] {
    try networks().converted(audio, to: voice, seed: seed)
  }

  private func networks() throws -> ChatterboxNetworks {
    if let loaded { return loaded }
    do {
      let networks = try ChatterboxNetworks(folder, configuration)
      loaded = networks
      return networks
    } catch let error as TensorError {
      throw ChatterboxError(
        .modelUnreadable, "The model '\(folder.kind.rawValue)' cannot be loaded. \(error)")
    } catch let error as TokenizerError {
      throw ChatterboxError(
        .modelUnreadable, "The model '\(folder.kind.rawValue)' cannot be loaded. \(error)")
    }
  }
}
