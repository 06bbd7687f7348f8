import Tensor
import Text

/// One of Resemble AI's Chatterbox models on this machine.
struct ChatterboxModel: SpeechModel {
  let name: ModelName
  let watermark: Watermarker?
  private(set) var identity: String
  var sampleRate: Int { SpeechStream.sampleRate }

  private var pool: WorkerPool
  private let folder: InstalledCheckpoint
  private let weightType: WeightType

  /// - Parameter devices: one worker each.
  init(
    _ folder: InstalledCheckpoint, _ configuration: EngineConfiguration, devices: [String],
    watermark: Watermarker?
  ) {
    name = folder.kind
    self.watermark = watermark
    self.folder = folder
    weightType = configuration.weightType
    identity = folder.identity(weightType, isMarked: watermark != nil)
    pool = WorkerPool(
      devices.map { device in
        var configuration = configuration
        configuration.device = device
        return ChatterboxWorker(folder, configuration)
      })
  }

  /// The version; `nil` of files that were put there by hand.
  var version: String? { folder.version }

  /// What is not speech is done by the first device.
  var worker: ChatterboxWorker { pool.workers[0] }

  var byteCount: Int {
    get async {
      var count = 0
      for worker in pool.workers { count += await worker.byteCount }
      return count
    }
  }

  var estimatedByteCount: Int {
    let decoder = folder.file(.s3gen)?.fileSize ?? 0
    let tokenModel = Double(folder.file(.t3)?.fileSize ?? 0) * weightType.share
    return pool.workers.count * (decoder + Int(tokenModel))
  }

  var unloaded: any SpeechModel {
    var model = self
    model.identity = folder.identity(weightType, isMarked: watermark != nil)
    model.pool = WorkerPool(pool.workers.map(\.unloaded))
    return model
  }

  var cachedVoiceCount: Int {
    get async { await pool.workers[0].cachedVoiceCount }
  }

  func load() async throws {
    for worker in pool.workers { try await worker.load() }
  }

  func speak(_ chunk: ModelInput) async throws -> SampleSource {
    let lease = pool.lease()
    guard let reader = try await lease.worker.begin(chunk) else { return .empty }
    return Self.source(of: reader, lease)
  }

  private static func source(of reader: UtteranceReader, _ lease: WorkerPool.Lease) -> SampleSource {
    SampleSource { try await reader.next().map { ($0, source(of: reader, lease)) } }
  }

  /// What the caller should know about how the model reads a language.
  func warnings(for language: Language) -> [SpeechWarning] { folder.warnings(for: language) }
}

extension InstalledCheckpoint {
  fileprivate func identity(_ weightType: WeightType, isMarked: Bool) -> String {
    "\(version ?? FileIdentity.text(of: files)) \(weightType.rawValue) \(isMarked ? "marked" : "plain")"
  }
}

extension ChatterboxError {
  package static let noWatermark = ChatterboxError(
    .modelNotInstalled,
    "The watermark's weights are not installed: run 'make setup', or switch it off with models.watermark.")
}
