internal import Dispatch
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

  /// Where a source stands: what comes next goes on from here.
  struct State {
    fileprivate var voices: [Voice]
  }

  /// A harmonic.
  fileprivate struct Voice {
    /// Since the start.
    var turns = 0.0
    let phase: Float
    /// Its own, so that it does not depend on how the samples are cut.
    var noise: Noise
  }

  fileprivate enum Noise {
    case drawn(GaussianNoise)
    /// What is left of the reference's.
    case given(ArraySlice<Float>)
  }

  /// The start of a source.
  func start(_ randomness: HiFTRandomness) -> State {
    switch randomness {
    case .values(let phase, let noise):
      precondition(phase.count == harmonics && noise.count.isMultiple(of: harmonics))
      let count = noise.count / harmonics
      return State(
        voices: (0..<harmonics).map {
          Voice(phase: phase[$0], noise: .given(noise[$0 * count..<($0 + 1) * count]))
        })
    case .seed(let seed):
      var uniform = SeededUniform(seed: seed)
      return State(
        voices: (0..<harmonics).map {
          Voice(
            phase: $0 == 0 ? 0 : Float((2 * uniform.next() - 1) * Double.pi),
            noise: .drawn(GaussianNoise(seed: seed ^ (0x5EED << UInt64($0 + 1)))))
        })
    }
  }

  /// The source of further frames' pitch.
  ///
  /// - Parameters:
  ///   - pitch: Hz, one a frame.
  ///   - hop: samples a frame.
  ///   - state: where the source stands, and then where it stands after these frames.
  func next(_ pitch: [Float], hop: Int, _ state: inout State) -> [Float] {
    let count = pitch.count * hop
    var samples = [Float](repeating: 0, count: harmonics * count)
    samples.withUnsafeMutableBufferPointer { samples in
      state.voices.withUnsafeMutableBufferPointer { voices in
        // Safe: every iteration has an element and a stretch of samples of its own.
        nonisolated(unsafe) let (voices, samples) = (voices, samples)
        DispatchQueue.concurrentPerform(iterations: harmonics) { harmonic in
          let stretch = UnsafeMutableBufferPointer(
            rebasing: samples[harmonic * count..<(harmonic + 1) * count])
          speak(pitch, hop: hop, harmonic: harmonic, &voices[harmonic], into: stretch)
        }
      }
    }
    var mix = [Float](repeating: bias, count: count)
    for harmonic in 0..<harmonics {
      for sample in 0..<count { mix[sample] += samples[harmonic * count + sample] }
    }
    return mix.map(tanhf)
  }

  private func speak(
    _ pitch: [Float], hop: Int, harmonic: Int, _ voice: inout Voice,
    into samples: UnsafeMutableBufferPointer<Float>
  ) {
    // Swift's own π for floats is rounded towards zero.
    let turn = Float(2 * Double.pi)
    let noise = voice.noise.next(samples.count)
    for frame in pitch.indices {
      let isVoiced = pitch[frame] > Self.voiced
      let step = Double(pitch[frame] * Float(harmonic + 1) / Self.sampleRate)
      let deviation = isVoiced ? Self.noiseDeviation : Self.amplitude / 3
      for sample in frame * hop..<(frame + 1) * hop {
        // The reference adds up in doubles, rounds each sum to a float, and takes its fraction.
        voice.turns += step
        let turns = Float(voice.turns)
        let angle = turn * (turns - turns.rounded(.towardZero)) + voice.phase
        let sine = isVoiced ? Self.amplitude * sinf(angle) : 0
        samples[sample] = weights[harmonic] * (sine + deviation * noise[sample])
      }
    }
  }
}

extension HarmonicSource.Noise {
  fileprivate mutating func next(_ count: Int) -> [Float] {
    switch self {
    case .drawn(var noise):
      let values = noise.next(count)
      self = .drawn(noise)
      return values
    case .given(let values):
      precondition(count <= values.count, "there are fewer noise values than samples")
      self = .given(values.dropFirst(count))
      return Array(values.prefix(count))
    }
  }
}
