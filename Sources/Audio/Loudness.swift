internal import Foundation

/// Integrated loudness in LUFS, after ITU-R BS.1770-4: K-weighted, in gated blocks of 400 ms every 100 ms.
///
/// Chatterbox measures with pyloudnorm, so details that the standard leaves open follow it: the filters are
/// designed for the audio's own rate, and the last block may hang over the end. (libebur128's filters come
/// out 0.08 LU louder at 24 kHz, which alone would use up what parity of the waveform allows.)
/// Source: pyloudnorm 0.1, meter.py and iirfilter.py; `norm_loudness` in chatterbox/tts_turbo.py.
package enum Loudness {
  private static let blockSeconds = 0.4
  /// How far each block lies behind the one before, as a share of a block.
  private static let step = 0.25
  /// Blocks below this are silence, in LUFS.
  private static let absoluteGate = -70.0
  /// Blocks so far below the mean of the others are pauses, in LU.
  private static let relativeGate = -10.0

  /// The loudness in LUFS; `nil` for silence and for audio shorter than a block of 400 ms.
  package static func integrated(of audio: AudioBuffer) -> Double? {
    let powers = blockPowers(of: audio)
    let audible = powers.filter { loudness(ofPower: $0) >= absoluteGate }
    guard let audiblePower = mean(audible) else { return nil }
    let gate = loudness(ofPower: audiblePower) + relativeGate
    return mean(audible.filter { loudness(ofPower: $0) > max(gate, absoluteGate) }).map(loudness(ofPower:))
  }

  /// The audio at a loudness in LUFS; unchanged where ``integrated(of:)`` has no answer.
  package static func normalized(_ audio: AudioBuffer, to target: Double = -27) -> AudioBuffer {
    guard let loudness = integrated(of: audio) else { return audio }
    let gain = Float(pow(10, (target - loudness) / 20))
    guard gain.isFinite, gain > 0 else { return audio }
    return AudioBuffer(samples: audio.samples.map { $0 * gain }, sampleRate: audio.sampleRate)
  }

  private static func loudness(ofPower power: Double) -> Double { -0.691 + 10 * log10(power) }

  private static func mean(_ powers: [Double]) -> Double? {
    powers.isEmpty ? nil : powers.reduce(0, +) / Double(powers.count)
  }

  /// The mean square of each block of the weighted signal.
  private static func blockPowers(of audio: AudioBuffer) -> [Double] {
    let rate = Double(audio.sampleRate)
    let count = audio.samples.count
    guard Double(count) >= blockSeconds * rate else { return [] }
    var shelf = Biquad.headShelf(sampleRate: rate)
    var highPass = Biquad.highPass(sampleRate: rate)
    let squares = audio.samples.map { sample in
      let weighted = highPass.process(shelf.process(Double(sample)))
      return weighted * weighted
    }
    let steps = (Double(count) / rate - blockSeconds) / (blockSeconds * step)
    return (0...Int(steps.rounded(.toNearestOrEven))).map { block in
      let lower = Int(blockSeconds * (Double(block) * step) * rate)
      let upper = Int(blockSeconds * (Double(block) * step + 1) * rate)
      return squares[min(lower, count)..<min(upper, count)].reduce(0, +) / (blockSeconds * rate)
    }
  }
}
