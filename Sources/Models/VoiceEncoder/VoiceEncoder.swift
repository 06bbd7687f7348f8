internal import Foundation
package import Tensor

/// Who speaks: samples at 16 kHz → an embedding of length 1, which T3 is conditioned on.
///
/// Source: `VoiceEncoder` in the reference's `voice_encoder.py`; Wan et al., "Generalized End-to-End Loss for
/// Speaker Verification", 2018.
///
/// Not `Sendable`: it belongs to one owner, as its backend does.
package final class VoiceEncoder {
  /// Samples a second.
  package static let sampleRate = 16_000
  private static let melChannels = 40
  private static let layerCount = 3
  private static let length = 400
  private static let hop = 160
  /// Frames that are listened to at once, 1.6 s, and from one such stretch to the next: 1.3 a second.
  private static let partialFrames = 160
  private static let frameStep = 77
  /// The share of a last stretch that must be there for it to count.
  private static let coverage = 0.8
  /// Stretches that are listened to side by side.
  private static let batch = 32

  private let backend: Backend
  private let weights: Weights
  private let layers: [LongShortTermMemory]
  private let projection: Linear
  private let spectrum: MelSpectrum

  /// Loads the encoder onto a device.
  ///
  /// - Parameters:
  ///   - checkpoint: `ve`.
  ///   - backend: where it runs.
  /// - Throws: ``TensorError`` when a tensor is missing, has a wrong shape, or does not fit the device.
  package init(_ checkpoint: Checkpoint, on backend: Backend) throws(TensorError) {
    self.backend = backend
    weights = Weights(on: backend, capacity: 2 * (Self.layerCount + 1))
    let reader = CheckpointReader(checkpoint, into: weights)
    var layers: [LongShortTermMemory] = []
    var width = Self.melChannels
    for index in 0..<Self.layerCount {
      let layer = try LongShortTermMemory(reader["lstm"], layer: index, from: width)
      layers.append(layer)
      width = layer.channels
    }
    let beyond = reader["lstm"].key("weight_ih_l\(Self.layerCount)")
    guard !checkpoint.contains(beyond) else { throw reader.unsupported("it has a layer more, '\(beyond)'") }
    self.layers = layers
    projection = try reader["proj"].linear(from: width, to: reader["proj"].outputs())
    try weights.upload()
    let filters = MelFilters.slaney(
      count: Self.melChannels, rate: Double(Self.sampleRate), length: Self.length, top: 8000)
    let basis = FourierBasis(window: Window.hann(Self.length), length: Self.length, bins: filters.bins)
    spectrum = try MelSpectrum(basis, filters, hop: Self.hop, measure: .power, on: backend)
  }

  /// Elements of an embedding.
  package var channels: Int { projection.outputs }

  /// The speaker's embedding, of length 1.
  ///
  /// The reference cuts silence below −20 dB from both ends first.
  ///
  /// - Parameter samples: at 16 kHz.
  /// - Throws: ``TensorError/deviceFailed(device:doing:)``.
  package func embedding(of samples: [Float]) throws(TensorError) -> [Float] {
    let mel = try spectrum.energies(of: samples.mirrored(by: Self.length / 2))
    let starts = Self.partials(frames: mel.count / Self.melChannels)
    var sum = [Float](repeating: 0, count: channels)
    for first in stride(from: 0, to: starts.count, by: Self.batch) {
      let embeddings = try embeddings(mel, at: Array(starts[first..<min(first + Self.batch, starts.count)]))
      for embedding in embeddings {
        for (index, value) in embedding.enumerated() { sum[index] += value }
      }
    }
    return Self.normalized(sum)
  }

  /// Where stretches start, the last of them filled up with silence if most of it is there.
  static func partials(frames: Int) -> [Int] {
    let reach = max(frames - partialFrames + frameStep, 0)
    var (count, rest) = reach.quotientAndRemainder(dividingBy: frameStep)
    let covered = Double(rest + partialFrames - frameStep) / Double(partialFrames)
    if count == 0 || covered >= coverage { count += 1 }
    return (0..<count).map { $0 * frameStep }
  }

  private func embeddings(_ mel: [Float], at starts: [Int]) throws(TensorError) -> [[Float]] {
    let state = try State(
      on: backend, shapes: layers.flatMap { [[$0.channels, starts.count], [$0.channels, starts.count]] })
    let graph = try Graph(on: backend) { builder in
      var input = builder.input("frame", [Self.melChannels, starts.count])
      for (index, layer) in layers.enumerated() {
        let (hidden, cell) = (state.tensors[2 * index], state.tensors[2 * index + 1])
        let next = layer.step(input, hidden: builder.use(hidden), cell: builder.use(cell))
        _ = builder.store(next.cell, in: cell)
        _ = builder.store(next.hidden, in: hidden)
        input = next.hidden
      }
      builder.output("embeddings", input.linear(projection).relu())
    }
    for frame in 0..<Self.partialFrames {
      graph.set(
        "frame",
        starts.flatMap { start in
          let place = (start + frame) * Self.melChannels
          return place < mel.count
            ? Array(mel[place..<place + Self.melChannels]) : [Float](repeating: 0, count: Self.melChannels)
        })
      try graph.compute()
    }
    let embeddings = graph.floats("embeddings")
    return starts.indices.map { Self.normalized(Array(embeddings[$0 * channels..<($0 + 1) * channels])) }
  }

  private static func normalized(_ vector: [Float]) -> [Float] {
    let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return length > 0 ? vector.map { $0 / length } : vector
  }
}
