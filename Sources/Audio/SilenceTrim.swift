internal import Foundation

/// Finds where sound begins and ends by its level in frames, as `librosa.effects.trim` does.
///
/// Chatterbox's voice_encoder.py calls it so. ``AudioJoin`` trims what we made ourselves, exact to the sample.
/// Source: librosa 0.11, effects.py `trim` and feature/spectral.py `rms`, with their defaults.
package enum SilenceTrim {
  private static let frameLength = 2048
  private static let hop = 512
  /// What librosa takes for the smallest amplitude there is.
  private static let smallestAmplitude = 1e-5

  /// The samples from the first frame that is less than `decibels` below the loudest to the last such.
  ///
  /// Frames are 2048 samples around every 512th, with zeros beyond the ends. Digital silence is as loud as
  /// its loudest frame, so all of it stays.
  package static func audibleRange(of samples: [Float], decibels: Double = 20) -> Range<Int> {
    let powers = framePowers(of: samples).map { max($0, smallestAmplitude * smallestAmplitude) }
    guard let loudest = powers.max() else { return 0..<0 }
    let isAudible = powers.map { 10 * log10($0) - 10 * log10(loudest) > -decibels }
    guard let first = isAudible.firstIndex(of: true), let last = isAudible.lastIndex(of: true) else {
      return 0..<0
    }
    return min(first * hop, samples.count)..<min((last + 1) * hop, samples.count)
  }

  /// The mean square of each frame.
  private static func framePowers(of samples: [Float]) -> [Double] {
    (0...samples.count / hop).map { frame in
      let start = max(0, frame * hop - frameLength / 2)
      let end = min(samples.count, frame * hop + frameLength / 2)
      var sum = 0.0
      for index in start..<max(start, end) { sum += Double(samples[index]) * Double(samples[index]) }
      return sum / Double(frameLength)
    }
  }
}
