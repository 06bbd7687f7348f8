internal import Foundation
internal import Tensor

/// What the source draws at random.
package enum HiFTRandomness: Hashable, Sendable {
  /// Drawn from a seed.
  case seed(UInt64)
  /// Given: every harmonic's first phase, the fundamental's being 0, and one noise value a harmonic and
  /// sample, harmonic by harmonic.
  case values(phase: [Float], noise: [Float])
}

/// The voice before the mouth: the pitch's harmonics as sines where there is a pitch, noise where there is
/// none, mixed into one signal at 24 kHz.
///
/// Source: `SineGen` and `SourceModuleHnNSF` in the reference's `s3gen/hifigan.py`; Wang et al., "Neural
/// Source-Filter Waveform Models", 2019.
struct HarmonicSource {
  private static let amplitude: Float = 0.1
  private static let noiseDeviation: Float = 0.003
  /// Below this pitch, in Hz, a frame has no voice.
  private static let voiced: Float = 10
  private static let sampleRate: Float = 24_000

  private let weights: [Float]
  private let bias: Float
  private var harmonics: Int { weights.count }

  init(_ reader: CheckpointReader) throws(TensorError) {
    let shape = try reader["l_linear"].shape("weight")
    guard shape.count == 2, shape[0] == 1, (1...64).contains(shape[1]) else {
      throw reader.unsupported("its harmonic mix has the shape \(shape)")
    }
    weights = try reader["l_linear"].host("weight").values
    bias = try reader["l_linear"].host("bias", [1]).values[0]
  }

  /// The source of a pitch.
  ///
  /// - Parameters:
  ///   - pitch: Hz, one a frame.
  ///   - hop: samples a frame.
  func callAsFunction(_ pitch: [Float], hop: Int, _ randomness: HiFTRandomness) -> [Float] {
    let count = pitch.count * hop
    let (phase, noise) = drawn(randomness, count: count)
    precondition(phase.count == harmonics && noise.count == harmonics * count)
    // Swift's own π for floats is rounded towards zero.
    let turn = Float(2 * Double.pi)
    var mix = [Float](repeating: bias, count: count)
    for harmonic in 0..<harmonics {
      // The reference adds up in doubles, rounds each sum to a float, and takes its fraction.
      var turns = 0.0
      for frame in pitch.indices {
        let isVoiced = pitch[frame] > Self.voiced
        let step = Double(pitch[frame] * Float(harmonic + 1) / Self.sampleRate)
        let deviation = isVoiced ? Self.noiseDeviation : Self.amplitude / 3
        for sample in frame * hop..<(frame + 1) * hop {
          turns += step
          let fraction = Float(turns).truncatingRemainder(dividingBy: 1)
          let sine = isVoiced ? Self.amplitude * sinf(turn * fraction + phase[harmonic]) : 0
          mix[sample] += weights[harmonic] * (sine + deviation * noise[harmonic * count + sample])
        }
      }
    }
    return mix.map(tanhf)
  }

  private func drawn(_ randomness: HiFTRandomness, count: Int) -> (phase: [Float], noise: [Float]) {
    switch randomness {
    case .values(let phase, let noise): return (phase, noise)
    case .seed(let seed):
      var uniform = SeededUniform(seed: seed)
      var gaussian = GaussianNoise(seed: seed ^ 0x5EED)
      let phase = (0..<harmonics).map { $0 == 0 ? 0 : Float((2 * uniform.next() - 1) * Double.pi) }
      return (phase, gaussian.next(harmonics * count))
    }
  }
}
