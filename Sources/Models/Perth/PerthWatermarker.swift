internal import Foundation
package import Tensor

/// Perth's implicit watermark: an inaudible change of the spectrum below 2 kHz that a detector finds again
/// after compression, resampling and cutting.
///
/// Source: Resemble AI's resemble-perth 1.0.1, `PerthImplicitWatermarker`, with its trained weights.
///
/// Not `Sendable`: it belongs to one owner, who calls it from one thread at a time.
package final class PerthWatermarker {
  /// The rate of the samples that it takes and gives; the reference resamples to it and back.
  package static let sampleRate = PerthSpectrum.sampleRate
  /// Shorter audio, under 1/30 s, cannot carry a mark.
  static let fewestSamples = PerthSpectrum.window / 2 + 1
  /// Audio is worked on in stretches of this many samples, so that memory does not grow with it.
  static let stretch = 20 * PerthSpectrum.sampleRate

  private let backend: Backend
  private let weights: Weights
  private let spectrum: PerthSpectrum
  private let encoder: PerthLayers
  /// The detector listens at three paces: slow, normal, fast.
  private let decoders: [(pace: Double, layers: PerthLayers)]
  private let bins: Int
  private var graphs = GraphCache<String>(capacity: 8)

  /// Loads the watermark's networks.
  ///
  /// - Parameters:
  ///   - checkpoint: `perth_net_250000.pth.tar`.
  ///   - backend: where they run.
  /// - Throws: ``TensorError`` when a tensor is missing, has a wrong shape, or does not fit the device.
  package init(_ checkpoint: Checkpoint, on backend: Backend) throws(TensorError) {
    self.backend = backend
    weights = Weights(on: backend, capacity: 128)
    let reader = CheckpointReader(checkpoint, into: weights)["model"]
    let shape = try reader["encoder"]["layers"][0]["conv"].shape("weight")
    guard shape.count == 3, (1...PerthSpectrum.bins).contains(shape[1]), shape[2] == 1 else {
      throw reader.unsupported("its first layer has the shape \(shape)")
    }
    bins = shape[1]
    encoder = try PerthLayers(reader["encoder"]["layers"], from: bins, to: bins)
    decoders = [
      (1.25, try PerthLayers(reader["decoder"]["slow_layers"], from: bins, to: 2)),
      (1, try PerthLayers(reader["decoder"]["normal_layers"], from: bins, to: 2)),
      (0.75, try PerthLayers(reader["decoder"]["fast_layers"], from: bins, to: 2)),
    ]
    spectrum = PerthSpectrum(weights, lowBins: bins)
    try weights.upload()
  }

  /// The samples with the mark in them: 32 kHz, of the same length.
  ///
  /// Where the last frame ends before the samples do, the rest (under 10 ms) stays as it was.
  ///
  /// - Throws: ``TensorError/deviceFailed(device:doing:)``.
  package func mark(_ samples: [Float]) throws(TensorError) -> [Float] {
    var marked: [Float] = []
    marked.reserveCapacity(samples.count)
    for range in Self.stretches(samples.count) {
      marked += try markStretch(Array(samples[range]))
    }
    return marked
  }

  /// How sure the detector is that the samples (32 kHz) carry the mark: 0 not at all, 1 fully.
  ///
  /// Long audio is listened to in stretches, and the mean is taken.
  ///
  /// - Throws: ``TensorError/deviceFailed(device:doing:)``.
  package func confidence(in samples: [Float]) throws(TensorError) -> Float {
    var (sum, weight): (Float, Float) = (0, 0)
    for range in Self.stretches(samples.count) where range.count >= Self.fewestSamples {
      guard let confidence = try detect(Array(samples[range])) else { continue }
      sum += confidence * Float(range.count)
      weight += Float(range.count)
    }
    return weight == 0 ? 0 : sum / weight
  }

  /// Equal parts that are no longer than ``stretch``.
  static func stretches(_ count: Int) -> [Range<Int>] {
    let parts = max(1, (count + stretch - 1) / stretch)
    // Whole hops, so that each stretch ends where a frame does.
    let size = (count / parts + PerthSpectrum.hop) / PerthSpectrum.hop * PerthSpectrum.hop
    return stride(from: 0, to: count, by: max(1, size)).map { $0..<min($0 + size, count) }
  }
}

// Marking.
extension PerthWatermarker {
  private func markStretch(_ samples: [Float]) throws(TensorError) -> [Float] {
    guard samples.count >= Self.fewestSamples else { return samples }
    let frames = PerthSpectrum.frames(samples.count)
    let change = try change(of: samples, frames: frames)
    let graph = try graphs.graph(for: "inverse \(frames)") { () throws(TensorError) -> Graph in
      try Graph(on: backend) { builder in
        builder.output("samples", spectrum.inverse(builder.input("spectrum", [2 * bins, frames])))
      }
    }
    graph.set("spectrum", change)
    try graph.compute()
    let (overlapped, envelope) = (graph.floats("samples"), PerthSpectrum.envelope(frames: frames))
    let half = PerthSpectrum.window / 2
    return samples.indices.map { index in
      let place = index + half
      return index < (frames - 1) * PerthSpectrum.hop
        ? samples[index] + overlapped[place] / envelope[place] : samples[index]
    }
  }

  /// What the mark adds to the lowest bins: real then imaginary parts of each frame.
  private func change(of samples: [Float], frames: Int) throws(TensorError) -> [Float] {
    let padded = PerthSpectrum.padded(samples)
    let graph = try graphs.graph(for: "mark \(samples.count)") { () throws(TensorError) -> Graph in
      try Graph(on: backend) { builder in
        let (real, imaginary) = spectrum(builder.input("samples", [1, padded.count]))
        let levels = PerthLevel.levels(real, imaginary)
        builder.output("sums", levels.sumOfRows())
        builder.output("raise", encoder(levels.slice(0, 0..<bins).contiguous()))
        builder.output("real", real.slice(0, 0..<bins).contiguous())
        builder.output("imaginary", imaginary.slice(0, 0..<bins).contiguous())
      }
    }
    graph.set("samples", padded)
    try graph.compute()
    let audible = PerthLevel.audible(graph.floats("sums"))
    let (raise, real, imaginary) = (graph.floats("raise"), graph.floats("real"), graph.floats("imaginary"))
    var change = [Float](repeating: 0, count: 2 * bins * frames)
    for frame in 0..<frames where audible[frame] {
      for bin in 0..<bins {
        let index = frame * bins + bin
        let gain = powf(10, raise[index] * PerthLevel.span / 20) - 1
        change[2 * frame * bins + bin] = real[index] * gain
        change[(2 * frame + 1) * bins + bin] = imaginary[index] * gain
      }
    }
    return change
  }
}

// Detecting.
extension PerthWatermarker {
  /// The confidence for one stretch; `nil` when nothing in it is audible.
  private func detect(_ samples: [Float]) throws(TensorError) -> Float? {
    let padded = PerthSpectrum.padded(samples)
    let graph = try graphs.graph(for: "levels \(samples.count)") { () throws(TensorError) -> Graph in
      try Graph(on: backend) { builder in
        let (real, imaginary) = spectrum(builder.input("samples", [1, padded.count]))
        let levels = PerthLevel.levels(real, imaginary)
        builder.output("sums", levels.sumOfRows())
        builder.output("levels", levels.slice(0, 0..<bins).contiguous())
      }
    }
    graph.set("samples", padded)
    try graph.compute()
    let (sums, levels) = (graph.floats("sums"), graph.floats("levels"))
    let audible = PerthLevel.audible(sums)
    guard audible.contains(true) else { return nil }
    var votes: [(attention: Float, mark: Float)] = []
    for decoder in decoders {
      guard let vote = try vote(decoder, levels, audible) else { return nil }
      votes.append(vote)
    }
    let loudest = votes.map(\.attention).max() ?? 0
    let shares = votes.map { expf($0.attention - loudest) }
    let sum = zip(votes, shares).reduce(Float(0)) { $0 + $1.0.mark * $1.1 }
    return min(max(sum / shares.reduce(0, +), 0), 1)
  }

  /// What one branch of the detector says, over the audible frames.
  private func vote(
    _ decoder: (pace: Double, layers: PerthLayers), _ levels: [Float], _ audible: [Bool]
  ) throws(TensorError) -> (attention: Float, mark: Float)? {
    let count = Int(Double(audible.count) * decoder.pace)
    guard count > 0 else { return nil }
    let graph = try graphs.graph(for: "\(decoder.pace) \(count)") { () throws(TensorError) -> Graph in
      try Graph(on: backend) { builder in
        builder.output("votes", decoder.layers(builder.input("levels", [bins, count])))
      }
    }
    graph.set("levels", stretched(levels, frames: audible.count, to: count))
    try graph.compute()
    let votes = graph.floats("votes")
    var (attention, mark, heard): (Float, Float, Float) = (0, 0, 0)
    for frame in 0..<count where audible[min(frame * audible.count / count, audible.count - 1)] {
      attention += votes[2 * frame]
      mark += votes[2 * frame + 1]
      heard += 1
    }
    return heard == 0 ? nil : (attention / heard, mark / heard)
  }

  /// Frames interpolated to another number of them, the first and the last staying in place.
  private func stretched(_ levels: [Float], frames: Int, to count: Int) -> [Float] {
    guard count != frames else { return levels }
    let step = count > 1 ? Float(frames - 1) / Float(count - 1) : 0
    return (0..<count).flatMap { frame in
      let position = Float(frame) * step
      let before = min(Int(position), frames - 1)
      let after = min(before + 1, frames - 1)
      let share = position - Float(before)
      return (0..<bins).map { bin in
        levels[before * bins + bin] * (1 - share) + levels[after * bins + bin] * share
      }
    }
  }
}
