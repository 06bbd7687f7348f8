package import Audio
import Foundation
import Models
import Tensor

/// The one owner of the watermark's networks, shared by all models.
package actor Watermarker {
  private let weights: URL
  private let device: String
  private let threads: Int?
  private let executor = InferenceExecutor(label: "chatterbox.watermark")
  private var loaded: PerthWatermarker?

  package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  init(weights: URL, device: String, threads: Int?) {
    self.weights = weights
    self.device = device
    self.threads = threads
  }

  /// The audio with the mark in it, of the same rate and length.
  ///
  /// Source: `apply_watermark` in resemble-perth, which resamples to the mark's rate and back.
  ///
  /// - Parameters:
  ///   - audio: what is marked.
  ///   - joinsBefore: whether it goes on from something marked before: the mark then fades in, so that the
  ///     joint is as smooth as it was.
  ///   - joinsAfter: whether something follows: the mark then fades out.
  package func mark(
    _ audio: AudioBuffer, joinsBefore: Bool = false, joinsAfter: Bool = false
  ) throws -> AudioBuffer {
    let rate = PerthWatermarker.sampleRate
    let wide = try audio.resampledToFullLength(at: rate)
    let marked = AudioBuffer(samples: try watermarker().mark(wide.samples), sampleRate: rate)
    var samples = try marked.resampledToFullLength(at: audio.sampleRate).samples
    // Both lengths were rounded up.
    if samples.count > audio.samples.count { samples.removeLast(samples.count - audio.samples.count) }
    samples += audio.samples[samples.count...]
    let ramp = min(audio.sampleRate / Self.fadesPerSecond, samples.count)
    for place in 0..<ramp {
      let share = Float(place) / Float(ramp)
      if joinsBefore {
        samples[place] = audio.samples[place] + share * (samples[place] - audio.samples[place])
      }
      let last = samples.count - 1 - place
      if joinsAfter { samples[last] = audio.samples[last] + share * (samples[last] - audio.samples[last]) }
    }
    return AudioBuffer(samples: AudioLevel.clamped(samples), sampleRate: audio.sampleRate)
  }

  /// A fade takes 5 ms.
  private static let fadesPerSecond = 200

  /// How sure the detector is that audio carries the mark, 0…1.
  package func confidence(in audio: AudioBuffer) throws -> Double {
    let wide = try audio.resampledToFullLength(at: PerthWatermarker.sampleRate)
    return Double(try watermarker().confidence(in: wide.samples))
  }

  private func watermarker() throws -> PerthWatermarker {
    if let loaded { return loaded }
    let backend = try Backend(device: Device.named(device), threads: threads)
    let watermarker = try PerthWatermarker(Checkpoint(path: weights.path), on: backend)
    loaded = watermarker
    return watermarker
  }
}

extension ModelStore {
  /// The watermark's weights, or `nil` when set-up has not fetched them.
  var watermarkWeights: URL? {
    let path = directory.appending(path: "watermark/perth_net_250000.pth.tar")
    return FileManager.default.isReadableFile(atPath: path.path) ? path : nil
  }
}
