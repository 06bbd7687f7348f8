/// What makes pieces of speech join without clicks and with exactly the pause that was chosen.
package enum AudioJoin {
  /// Magnitude below which speech counts as silent; −50 dB of full scale.
  package static let silenceThreshold: Float = 0.003_16

  /// The longest that ``silence(seconds:sampleRate:)`` gives, in seconds.
  package static let longestSilence = 3_600.0

  /// Zeros: `seconds × sampleRate` of them, rounded to nearest.
  ///
  /// Nothing for a negative length or NaN, and at most ``longestSilence``.
  package static func silence(seconds: Double, sampleRate: Int) -> [Float] {
    [Float](repeating: 0, count: sampleCount(seconds: seconds, sampleRate: sampleRate))
  }

  /// Raises the first samples smoothly from 0, over all of them when there are fewer.
  package static func fadeIn(_ samples: inout [Float], milliseconds: Double = 5, sampleRate: Int) {
    let length = fadeLength(of: samples, milliseconds: milliseconds, sampleRate: sampleRate)
    for index in 0..<length { samples[index] *= gain(at: index, of: length) }
  }

  /// Lowers the last samples smoothly to 0, over all of them when there are fewer.
  package static func fadeOut(_ samples: inout [Float], milliseconds: Double = 5, sampleRate: Int) {
    let length = fadeLength(of: samples, milliseconds: milliseconds, sampleRate: sampleRate)
    let last = samples.count - 1
    for index in 0..<length { samples[last - index] *= gain(at: index, of: length) }
  }

  /// The samples from the first that is audible to the last, with at most this much silence kept around.
  ///
  /// - Parameters:
  ///   - threshold: Magnitude that counts as audible; full scale is 1.
  ///   - leading: Silence kept before, in milliseconds: soft consonants start below the threshold.
  ///   - trailing: Silence kept after, in milliseconds: voices die away below it.
  /// - Returns: Nothing when no sample is audible.
  package static func trimSilence(
    _ samples: [Float], threshold: Float = silenceThreshold, keepingLeading leading: Double = 10,
    keepingTrailing trailing: Double = 30, sampleRate: Int
  ) -> [Float] {
    guard let first = samples.firstIndex(where: { abs($0) >= threshold }),
      let last = samples.lastIndex(where: { abs($0) >= threshold })
    else { return [] }
    let before = sampleCount(seconds: leading / 1000, sampleRate: sampleRate)
    let after = sampleCount(seconds: trailing / 1000, sampleRate: sampleRate)
    return Array(samples[max(0, first - before)...min(samples.count - 1, last + after)])
  }

  private static func sampleCount(seconds: Double, sampleRate: Int) -> Int {
    guard seconds > 0 else { return 0 }
    return Int((min(seconds, longestSilence) * Double(sampleRate)).rounded())
  }

  private static func fadeLength(of samples: [Float], milliseconds: Double, sampleRate: Int) -> Int {
    min(samples.count, sampleCount(seconds: milliseconds / 1000, sampleRate: sampleRate))
  }

  /// A smoothstep, 3t² − 2t³: level at both ends, so that the fade itself has no corner to hear.
  private static func gain(at index: Int, of length: Int) -> Float {
    let position = Float(index) / Float(length)
    return position * position * (3 - 2 * position)
  }
}
