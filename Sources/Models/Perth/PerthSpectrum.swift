internal import Foundation
internal import Tensor

/// The spectrum that the watermark lives in: 1,025 bins of 15.6 Hz, 100 frames a second.
///
/// Source: `AudioProcessor` in resemble-perth; Allen and Rabiner, "A Unified Approach to Short-Time Fourier
/// Analysis and Synthesis", 1977.
struct PerthSpectrum {
  static let sampleRate = 32_000
  static let window = 2048
  static let hop = 320
  static let bins = window / 2 + 1

  private let analysis: Convolution
  private let synthesis: TransposedConvolution

  /// - Parameter lowBins: how many of the lowest bins ``inverse(_:)`` takes.
  init(_ weights: Weights, lowBins: Int) {
    let length = Self.window
    let rows = FourierBasis(window: Window.hann(length), length: length, bins: Self.bins)
      .rows.enumerated()
      // A sine counts backwards in the transform.
      .map { index, row in index < Self.bins ? row : row.map { -$0 } }
    analysis = weights.convolution(
      "analysis", HostTensor(shape: [rows.count, 1, length], values: rows.flatMap { $0.map { Float($0) } }),
      .init(stride: Self.hop, padding: 0))
    let inverse = (0..<2 * lowBins).flatMap { row in
      let bin = row % lowBins
      let scale = (bin == 0 ? 1 : 2) / Double(length)
      return rows[row < lowBins ? bin : Self.bins + bin].map { Float(scale * $0) }
    }
    synthesis = weights.transposedConvolution(
      "synthesis", HostTensor(shape: [2 * lowBins, 1, length], values: inverse), bias: nil,
      stride: Self.hop, padding: 0)
  }

  /// The frames of a signal of that many samples.
  static func frames(_ samples: Int) -> Int { samples / hop + 1 }

  /// Samples [1, N], padded by ``padded(_:)`` → real and imaginary parts, [bins, T] each.
  func callAsFunction(_ samples: Tensor) -> (real: Tensor, imaginary: Tensor) {
    let spectrum = samples.convolved(analysis)
    return (
      spectrum.slice(0, 0..<Self.bins).contiguous(),
      spectrum.slice(0, Self.bins..<2 * Self.bins).contiguous()
    )
  }

  /// Real then imaginary parts of the lowest bins, [2·lowBins, T] → overlapped samples, not yet divided by
  /// ``envelope(frames:)``.
  func inverse(_ spectrum: Tensor) -> Tensor { spectrum.upsampled(synthesis) }

  /// The samples with half a window of their mirror image on both sides.
  static func padded(_ samples: [Float]) -> [Float] { samples.mirrored(by: window / 2) }

  /// What overlapping windows add up to, squared, for as many samples as frames make.
  static func envelope(frames: Int) -> [Float] {
    let squares = Window.hann(window).map { $0 * $0 }
    var sum = [Double](repeating: 0, count: (frames - 1) * hop + window)
    for frame in 0..<frames {
      for sample in 0..<window { sum[frame * hop + sample] += squares[sample] }
    }
    return sum.map { Float($0) }
  }
}
