internal import Tensor

/// Samples → the energies of mel filters, frame by frame.
///
/// The Fourier transform is a convolution with ``FourierBasis``, so that it runs where the networks run. Any
/// number of frames is computed by one graph, a block after the other.
final class MelSpectrum {
  /// What the filters sum.
  enum Measure {
    /// The squared magnitude of every frequency.
    case power
    /// The magnitude of every frequency, the root of its power plus a little.
    case magnitude(floor: Float)
  }

  private static let block = 256

  /// Filters, the elements of a row.
  let count: Int
  private let weights: Weights
  private let graph: Graph
  private let window: Int
  private let hop: Int

  /// - Parameters:
  ///   - basis: the transform of a frame.
  ///   - filters: as many bins as the basis has.
  ///   - hop: samples from one frame to the next.
  init(
    _ basis: FourierBasis, _ filters: MelFilters, hop: Int, measure: Measure, on backend: Backend
  ) throws(TensorError) {
    (count, window, self.hop) = (filters.rows.count, basis.samples, hop)
    weights = Weights(on: backend, capacity: 4)
    // A row holds as many samples as divide both frame and hop: the fewest taps that the kernel has to visit.
    let row = Self.greatestDivisor(basis.samples, hop)
    let (taps, rows) = (basis.samples / row, basis.rows)
    let transform = weights.convolution(
      "basis",
      HostTensor(
        shape: [rows.count, row, taps],
        values: rows.flatMap { samples in
          (0..<row).flatMap { place in (0..<taps).map { Float(samples[$0 * row + place]) } }
        }),
      ConvolutionOptions(stride: hop / row, padding: 0))
    let (bins, count) = (filters.bins, filters.rows.count)
    let sum = weights.linear("filters", inputs: bins, outputs: count) {
      HostTensor(shape: [count, bins], values: filters.rows.flatMap { $0.map { Float($0) } })
    }
    try weights.upload()
    graph = try Graph(on: backend) { builder in
      let samples = builder.input("samples", [row, (Self.block - 1) * hop / row + taps])
      let parts = samples.convolved(transform).squared()
      let power = parts.slice(0, 0..<bins).contiguous() + parts.slice(0, bins..<2 * bins).contiguous()
      let spectrum =
        switch measure {
        case .power: power
        case .magnitude(let floor): (power + floor).squareRoot()
        }
      builder.output("energies", spectrum.linear(sum))
    }
  }

  /// The energies of every frame that lies within the samples, rows of ``count``.
  func energies(of samples: [Float]) throws(TensorError) -> [Float] {
    let frames = samples.count < window ? 0 : (samples.count - window) / hop + 1
    let length = (Self.block - 1) * hop + window
    var energies: [Float] = []
    energies.reserveCapacity(frames * count)
    for first in stride(from: 0, to: frames, by: Self.block) {
      let start = first * hop
      let piece = samples[start..<min(start + length, samples.count)]
      graph.set("samples", piece + [Float](repeating: 0, count: length - piece.count))
      try graph.compute()
      energies += graph.floats("energies").prefix(min(Self.block, frames - first) * count)
    }
    return energies
  }

  private static func greatestDivisor(_ a: Int, _ b: Int) -> Int {
    b == 0 ? a : greatestDivisor(b, a % b)
  }
}

extension [Float] {
  /// The samples with `margin` more at each end, mirrored at the first and the last, which are not repeated.
  ///
  /// Mirrors as often as it takes where there are fewer samples than that.
  func mirrored(by margin: Int) -> [Float] {
    guard count > 1 else { return isEmpty ? [] : [Float](repeating: self[0], count: 1 + 2 * margin) }
    let period = 2 * (count - 1)
    let mirror = { (place: Int) -> Float in
      let offset = ((place % period) + period) % period
      return self[Swift.min(offset, period - offset)]
    }
    return (-margin..<0).map(mirror) + self + (count..<count + margin).map(mirror)
  }
}
