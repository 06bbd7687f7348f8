import Text

/// One of Resemble AI's Chatterbox models on this machine.
struct ChatterboxModel: SpeechModel {
  let name: ModelName
  let watermark: Watermarker?
  var sampleRate: Int { SpeechStream.sampleRate }

  let worker: ChatterboxWorker
  private let folder: InstalledCheckpoint

  init(_ folder: InstalledCheckpoint, _ configuration: EngineConfiguration, watermark: Watermarker?) {
    name = folder.kind
    self.watermark = watermark
    self.folder = folder
    worker = ChatterboxWorker(folder, configuration)
  }

  func load() async throws { try await worker.load() }

  func speak(_ chunk: ModelInput) async throws -> SampleSource {
    guard let reader = try await worker.begin(chunk) else { return .empty }
    return Self.source(of: reader)
  }

  private static func source(of reader: UtteranceReader) -> SampleSource {
    SampleSource { try await reader.next().map { ($0, source(of: reader)) } }
  }

  /// What the caller should know about how the model reads a language.
  func warnings(for language: Language) -> [SpeechWarning] { folder.warnings(for: language) }
}

extension ChatterboxError {
  package static let noWatermark = ChatterboxError(
    .modelNotInstalled,
    "The watermark's weights are not installed: run 'make setup', or switch it off with models.watermark.")
}
