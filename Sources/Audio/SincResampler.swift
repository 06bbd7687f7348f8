internal import Foundation

/// Resamples as `torchaudio.transforms.Resample` does by default, by a short sinc under a Hann window.
///
/// Its transition band is wider than that of ``Resampler``; it exists because `embed_ref` in Chatterbox's
/// s3gen.py uses it.
/// Source: torchaudio/functional/functional.py, `_get_sinc_resample_kernel` with `lowpass_filter_width` 6 and
/// `rolloff` 0.99.
package struct SincResampler: Sendable {
  private static let zeroCrossings = 6.0
  private static let rolloff = 0.99

  private let outputRate: Int
  /// Input and output samples of one period, after which the filters repeat.
  private let period: (input: Int, output: Int)
  /// Samples that a filter reaches back from the start of its period.
  private let width: Int
  /// `period.output` filters of `2 × width + period.input` taps each, one after another.
  private let filters: [Float]

  /// Creates a resampler between two rates in Hz.
  ///
  /// - Throws: For a rate outside ``AudioBuffer/supportedSampleRates``, and for two rates that are almost
  ///   coprime, whose filters would need more memory than the audio.
  package init(from inputRate: Int, to outputRate: Int) throws(AudioProcessingError) {
    for rate in [inputRate, outputRate] where !AudioBuffer.supportedSampleRates.contains(rate) {
      throw .unsupportedSampleRate(rate)
    }
    let divisor = Self.greatestCommonDivisor(inputRate, outputRate)
    let (input, output) = (inputRate / divisor, outputRate / divisor)
    let cutoff = Double(min(input, output)) * Self.rolloff
    width = Int((Self.zeroCrossings * Double(input) / cutoff).rounded(.up))
    guard output * (2 * width + input) <= 1 << 22 else {
      throw .unsupportedRatio(from: inputRate, to: outputRate)
    }
    self.outputRate = outputRate
    period = (input, output)
    filters = Self.filters(input: input, output: output, cutoff: cutoff, width: width)
  }

  /// The whole signal at the other rate: `⌈n × to / from⌉` samples; equal rates pass through untouched.
  package func resample(_ samples: [Float]) -> [Float] {
    guard period.input != period.output else { return samples }
    let count = (samples.count * period.output + period.input - 1) / period.input
    let tapCount = 2 * width + period.input
    return [Float](unsafeUninitializedCapacity: count) { result, resultCount in
      for index in 0..<count {
        let (block, phase) = index.quotientAndRemainder(dividingBy: period.output)
        let start = block * period.input - width
        let taps = max(0, -start)..<max(0, min(tapCount, samples.count - start))
        var sum: Float = 0
        for tap in taps { sum += samples[start + tap] * filters[phase * tapCount + tap] }
        result.initializeElement(at: index, to: sum)
      }
      resultCount = count
    }
  }

  private static func filters(input: Int, output: Int, cutoff: Double, width: Int) -> [Float] {
    (0..<output).flatMap { phase in
      (-width..<width + input).map { tap in
        // torch divides its integers in single precision.
        let offset = Double(-Float(phase) / Float(output))
        let time = (offset + Double(tap) / Double(input)) * cutoff
        let bounded = min(max(time, -zeroCrossings), zeroCrossings)
        let window = pow(cos(bounded * .pi / zeroCrossings / 2), 2)
        let angle = bounded * .pi
        let sinc = angle == 0 ? 1 : sin(angle) / angle
        return Float(sinc * window * cutoff / Double(input))
      }
    }
  }

  private static func greatestCommonDivisor(_ first: Int, _ second: Int) -> Int {
    second == 0 ? first : greatestCommonDivisor(second, first % second)
  }
}
