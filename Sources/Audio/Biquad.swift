internal import Foundation

/// A recursive filter of second order, in transposed direct form II.
///
/// Source of both designs: R. Bristow-Johnson, "Cookbook formulae for audio EQ biquad filter coefficients".
struct Biquad {
  private let input: (Double, Double, Double)
  private let feedback: (Double, Double)
  private var state = (0.0, 0.0)

  /// Coefficients of the numerator and the denominator, which are divided by the latter's first.
  private init(
    numerator: (Double, Double, Double), denominator: (Double, Double, Double)
  ) {
    input = (
      numerator.0 / denominator.0, numerator.1 / denominator.0, numerator.2 / denominator.0
    )
    feedback = (denominator.1 / denominator.0, denominator.2 / denominator.0)
  }

  mutating func process(_ sample: Double) -> Double {
    let output = input.0 * sample + state.0
    state.0 = input.1 * sample - feedback.0 * output + state.1
    state.1 = input.2 * sample - feedback.1 * output
    return output
  }

  /// The first half of K-weighting: 4 dB more from 1.5 kHz on, as a head reflects them.
  static func headShelf(sampleRate: Double) -> Biquad {
    let amplitude = pow(10, 4.0 / 40)
    let angle = 2 * Double.pi * 1500 / sampleRate
    let slope = 2 * amplitude.squareRoot() * sin(angle) / (2 * 0.5.squareRoot())
    let (more, less) = (amplitude + 1, amplitude - 1)
    let cosine = cos(angle)
    return Biquad(
      numerator: (
        amplitude * (more + less * cosine + slope), -2 * amplitude * (less + more * cosine),
        amplitude * (more + less * cosine - slope)
      ),
      denominator: (more - less * cosine + slope, 2 * (less - more * cosine), more - less * cosine - slope))
  }

  /// The second half of K-weighting: what lies below 38 Hz is hardly heard.
  static func highPass(sampleRate: Double) -> Biquad {
    let angle = 2 * Double.pi * 38 / sampleRate
    let width = sin(angle) / (2 * 0.5)
    let cosine = cos(angle)
    return Biquad(
      numerator: ((1 + cosine) / 2, -(1 + cosine), (1 + cosine) / 2),
      denominator: (1 + width, -2 * cosine, 1 - width))
  }
}
