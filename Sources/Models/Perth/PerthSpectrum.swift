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
  /// The lowest bins, which ``synthesis`` takes.
  private let lowBins: Int
  private let windowValues: [Double]

  init(_ weights: Weights, lowBins: Int) {
    self.lowBins = lowBins
    let length = Self.window
    let window = (0..<length).map { 0.5 - 0.5 * cos(2 * Double.pi * Double($0) / Double(length)) }
    windowValues = window
    let wave = (0..<length).map { angle in
      (
        cos: cos(2 * Double.pi * Double(angle) / Double(length)),
        sin: sin(2 * .pi * Double(angle) / Double(length))
      )
    }
    analysis = weights.convolution(
      "analysis", shape: [2 * Self.bins, 1, length], .init(stride: Self.hop, padding: 0)
    ) {
      HostTensor(
        shape: [2 * Self.bins, 1, length],
        values: (0..<2 * Self.bins).flatMap { row in
          let (bin, isImaginary) = (row % Self.bins, row >= Self.bins)
          return (0..<length).map { sample in
            let angle = wave[bin * sample % length]
            return Float(window[sample] * (isImaginary ? -angle.sin : angle.cos))
          }
        })
    }
    let basis = HostTensor(
      shape: [2 * lowBins, 1, length],
      values: (0..<2 * lowBins).flatMap { row in
        let (bin, isImaginary) = (row % lowBins, row >= lowBins)
        let scale = (bin == 0 ? 1 : 2) / Double(length)
        return (0..<length).map { sample in
          let angle = wave[bin * sample % length]
          return Float(scale * window[sample] * (isImaginary ? -angle.sin : angle.cos))
        }
      })
    synthesis = weights.transposedConvolution(
      "synthesis", basis, bias: nil, stride: Self.hop, padding: 0)
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

  /// The samples with half a window of their mirror image on both sides. At least half a window and one.
  static func padded(_ samples: [Float]) -> [Float] {
    let half = window / 2
    return samples[1...half].reversed() + samples
      + samples[(samples.count - half - 1)..<(samples.count - 1)].reversed()
  }

  /// What overlapping windows add up to, squared, for as many samples as frames make.
  func envelope(frames: Int) -> [Float] {
    var sum = [Double](repeating: 0, count: (frames - 1) * Self.hop + Self.window)
    for frame in 0..<frames {
      for sample in 0..<Self.window {
        sum[frame * Self.hop + sample] += windowValues[sample] * windowValues[sample]
      }
    }
    return sum.map { Float($0) }
  }
}
