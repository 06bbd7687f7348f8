internal import Foundation
internal import Tensor

/// The short spectrum in which HiFT hears its source and speaks: 16 points, 4 samples a frame.
///
/// Source: `_stft` and `_istft` in the reference's `s3gen/hifigan.py`; Kaneko et al., "iSTFTNet", 2022.
struct SpectralHead {
  static let length = 16
  static let hop = 4
  static let bins = length / 2 + 1

  private let analysis: Convolution
  private let synthesis: TransposedConvolution

  init(_ weights: Weights) {
    let basis = FourierBasis(window: Window.hann(Self.length), length: Self.length, bins: Self.bins)
    // A sine counts backwards in the transform.
    let rows = basis.rows.enumerated().map { index, row in
      row.map { Float(index < Self.bins ? $0 : -$0) }
    }
    analysis = weights.convolution(
      "analysis", HostTensor(shape: [rows.count, 1, Self.length], values: rows.flatMap { $0 }),
      .init(stride: Self.hop, padding: 0))
    let inverse = rows.enumerated().flatMap { index, row in
      let bin = index % Self.bins
      // The first and the last frequency have no mirror image.
      let share = (bin == 0 || bin == Self.bins - 1 ? 1 : 2) / Float(Self.length)
      return row.map { share * $0 }
    }
    synthesis = weights.transposedConvolution(
      "synthesis", HostTensor(shape: [rows.count, 1, Self.length], values: inverse), bias: nil,
      stride: Self.hop, padding: 0)
  }

  /// Samples with half a frame around them [1, N + 16] → real and imaginary parts [18, N / 4 + 1].
  func spectrum(_ samples: Tensor) -> Tensor { samples.convolved(analysis) }

  /// Log magnitudes and phases [18, T] → overlapped samples [1, 4·(T − 1) + 16], still to be divided by
  /// ``envelope(frames:)``.
  func samples(_ output: Tensor) -> Tensor {
    let magnitude = output.slice(0, 0..<Self.bins).contiguous().exponential().clamped(0, 100)
    let phase = output.slice(0, Self.bins..<2 * Self.bins).contiguous().sine()
    let spectrum = (magnitude * phase.cosine()).concatenated(magnitude * phase.sine(), along: 0)
    return spectrum.upsampled(synthesis)
  }

  /// What overlapping windows add up to, squared.
  static func envelope(frames: Int) -> [Float] {
    let window = Window.hann(length).map { Float($0 * $0) }
    var sum = [Float](repeating: 0, count: (frames - 1) * hop + length)
    for frame in 0..<frames {
      for sample in 0..<length { sum[frame * hop + sample] += window[sample] }
    }
    return sum
  }
}

/// The start of a waveform held silent for 20 ms and faded in over the next 20: what spills over from the
/// voice's prompt.
///
/// Source: `trim_fade` in the reference's `s3gen.py`.
package enum TrimFade {
  private static let samples = 24_000 / 50

  /// - Parameters:
  ///   - waveform: the start of it, or what follows.
  ///   - offset: samples that came before.
  package static func applied(to waveform: [Float], after offset: Int = 0) -> [Float] {
    guard offset < 2 * samples else { return waveform }
    var faded = waveform
    for place in 0..<min(2 * samples - offset, faded.count) {
      let index = place + offset
      guard index >= samples else {
        faded[place] = 0
        continue
      }
      let share = Double(index - samples) / Double(samples - 1)
      faded[place] *= Float((cos(Double.pi * (1 - share)) + 1) / 2)
    }
    return faded
  }
}
