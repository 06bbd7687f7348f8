import Foundation
import Models
import Tensor

/// The one owner of a VITS voice.
actor VITSWorker {
  private let weights: URL
  private let largestID: Int32
  private let device: String
  private let threads: Int?
  private let executor = InferenceExecutor(label: "chatterbox.starter")
  private var loaded: VITS?
  private var backend: Backend?

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  init(weights: URL, largestID: Int32, device: String, threads: Int?) {
    self.weights = weights
    self.largestID = largestID
    self.device = device
    self.threads = threads
  }

  /// The same, with nothing read yet.
  nonisolated var unloaded: VITSWorker {
    VITSWorker(weights: weights, largestID: largestID, device: device, threads: threads)
  }

  func load() throws { _ = try voice() }

  /// The bytes of its weights; 0 when they are not loaded.
  var byteCount: Int { backend?.weightByteCount ?? 0 }

  func utterance(_ ids: [Int32], _ options: VITSOptions, seed: UInt64) throws -> VITSUtterance {
    try Task.checkCancellation()
    return try voice().utterance(ids, options, seed: seed)
  }

  func next(_ utterance: VITSUtterance) throws -> (samples: [Float], rest: VITSUtterance)? {
    try Task.checkCancellation()
    var rest = utterance
    return try voice().next(&rest).map { ($0, rest) }
  }

  private func voice() throws -> VITS {
    if let loaded { return loaded }
    do {
      let backend = try Backend(device: Device.named(device), threads: threads)
      let voice = try VITS(ONNXFile(path: weights.path), on: backend)
      guard largestID < voice.vocabulary else {
        throw TensorError.unreadableFile(
          name: weights.lastPathComponent, reason: "its phoneme map has ids that the network does not know")
      }
      loaded = voice
      self.backend = backend
      return voice
    } catch let error as TensorError {
      throw ChatterboxError(.modelUnreadable, "The starter voice cannot be loaded. \(error)")
    }
  }
}
