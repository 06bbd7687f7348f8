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
    /// Every harmonic's phase, in turns since the start.
    fileprivate var turns: [Double]
    fileprivate let phase: [Float]
    fileprivate var noise: Noise
  }

  /// Every harmonic has noise of its own, so that it does not depend on how the samples are cut.
  fileprivate enum Noise {
    case drawn([GaussianNoise])
    /// Harmonic by harmonic, as the reference draws them, and how many samples are used.
    case given([Float], used: Int)
  }

  /// The start of a source.
  func start(_ randomness: HiFTRandomness) -> State {
    let turns = [Double](repeating: 0, count: harmonics)
    switch randomness {
    case .values(let phase, let noise):
      precondition(phase.count == harmonics && noise.count.isMultiple(of: harmonics))
      return State(turns: turns, phase: phase, noise: .given(noise, used: 0))
    case .seed(let seed):
      var uniform = SeededUniform(seed: seed)
      let phase = (0..<harmonics).map { $0 == 0 ? 0 : Float((2 * uniform.next() - 1) * Double.pi) }
      return State(
        turns: turns, phase: phase,
        noise: .drawn((0..<harmonics).map { GaussianNoise(seed: seed ^ (0x5EED << UInt64($0 + 1))) }))
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
    var voices = (0..<harmonics).map { harmonic in
      Voice(turns: state.turns[harmonic], noise: state.noise.harmonic(harmonic, of: harmonics))
    }
    var samples = [Float](repeating: 0, count: harmonics * count)
    let phase = state.phase
    samples.withUnsafeMutableBufferPointer { samples in
      voices.withUnsafeMutableBufferPointer { voices in
        // Every harmonic has an element and a stretch of samples of its own.
        nonisolated(unsafe) let (voices, samples) = (voices, samples)
        DispatchQueue.concurrentPerform(iterations: harmonics) { harmonic in
          let stretch = UnsafeMutableBufferPointer(
            rebasing: samples[harmonic * count..<(harmonic + 1) * count])
          add(pitch, hop: hop, harmonic: harmonic, phase: phase[harmonic], &voices[harmonic], to: stretch)
        }
      }
    }
    state.turns = voices.map(\.turns)
    state.noise.advance(to: voices.map(\.noise), by: count)
    var mix = [Float](repeating: bias, count: count)
    for harmonic in 0..<harmonics {
      for sample in 0..<count { mix[sample] += samples[harmonic * count + sample] }
    }
    return mix.map(tanhf)
  }

  private func add(
    _ pitch: [Float], hop: Int, harmonic: Int, phase: Float, _ voice: inout Voice,
    to samples: UnsafeMutableBufferPointer<Float>
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
        let sine = isVoiced ? Self.amplitude * sinf(turn * (turns - turns.rounded(.towardZero)) + phase) : 0
        samples[sample] = weights[harmonic] * (sine + deviation * noise[sample])
      }
    }
  }
}

/// A harmonic's place in its turn, and its noise.
private struct Voice {
  var turns: Double
  var noise: HarmonicNoise
}

private enum HarmonicNoise {
  case drawn(GaussianNoise)
  case given(ArraySlice<Float>)

  mutating func next(_ count: Int) -> [Float] {
    switch self {
    case .drawn(var noise):
      let values = noise.next(count)
      self = .drawn(noise)
      return values
    case .given(let values):
      precondition(count <= values.count, "there are fewer noise values than samples")
      return Array(values.prefix(count))
    }
  }
}

extension HarmonicSource.Noise {
  fileprivate func harmonic(_ harmonic: Int, of harmonics: Int) -> HarmonicNoise {
    switch self {
    case .drawn(let noise): return .drawn(noise[harmonic])
    case .given(let values, let used):
      let count = values.count / harmonics
      return .given(values[harmonic * count + min(used, count)..<(harmonic + 1) * count])
    }
  }

  fileprivate mutating func advance(to noise: [HarmonicNoise], by count: Int) {
    switch self {
    case .drawn:
      self = .drawn(noise.compactMap { if case .drawn(let noise) = $0 { noise } else { nil } })
    case .given(let values, let used): self = .given(values, used: used + count)
    }
  }
}
