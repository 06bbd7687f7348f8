/// What every output passes before it leaves: finite, in range, not silent, of a plausible length.
///
/// Add the pieces in order as they are made; damage and runaway length are found at once, silence and
/// shortness by ``finish()``. How the audio is cut into pieces makes no difference.
package struct AudioCheck: Sendable {
  /// Where plausible ends.
  package struct Limits: Hashable, Sendable {
    /// The largest magnitude that passes. Between 1 and this, encoders clamp.
    package var peak: Float = 2
    /// RMS below which audio is silent; −60 dB of full scale.
    package var silence: Float = 0.001
    /// Seconds per character at speed 1. English takes about 0.07; drawn-out vowels ("nooooo") come down to
    /// 0.03, and a Chinese character, an emoji or a digit that is read as words reaches 1.2.
    package var secondsPerCharacter: ClosedRange<Double> = 0.012...1.5
    /// Seconds allowed on top of the longest, for the breath around very short texts.
    package var slack: Double = 3

    package init() {}
  }

  private let limits: Limits
  private let sampleRate: Double
  private let expectsSpeech: Bool
  private let shortest: Double
  private let longest: Double

  private var count = 0
  private var sum = 0.0
  private var sumOfSquares = 0.0

  /// Creates a check.
  ///
  /// - Parameters:
  ///   - expectedCharacters: Characters that have a sound: all but blanks and punctuation. 0 when the text
  ///     is only pauses, which may be silent.
  ///   - speed: The pace that was asked for; 2 is twice as fast.
  ///   - pauses: Silence that the text asks for, in seconds.
  ///   - sampleRate: Samples a second, in Hz.
  package init(
    expectedCharacters: Int, speed: Double, pauses: Double = 0, sampleRate: Int, limits: Limits = Limits()
  ) {
    precondition(sampleRate > 0 && speed > 0, "The sample rate and the speed are positive")
    self.limits = limits
    self.sampleRate = Double(sampleRate)
    expectsSpeech = expectedCharacters > 0
    let characters = Double(expectedCharacters) / speed
    shortest = pauses + characters * limits.secondsPerCharacter.lowerBound
    longest = pauses + characters * limits.secondsPerCharacter.upperBound + limits.slack
  }

  /// The seconds added so far.
  package var duration: Double { Double(count) / sampleRate }

  /// Takes the next samples; throws at the first that is damaged, or once the audio is too long.
  package mutating func add(_ samples: [Float]) throws(AudioCheckError) {
    for (offset, sample) in samples.enumerated() {
      // False for NaN, too.
      guard abs(sample) <= limits.peak else {
        let position = count + offset
        throw sample.isFinite
          ? .outOfRange(sample: position, value: sample) : .notFinite(sample: position)
      }
      let value = Double(sample)
      sum += value
      sumOfSquares += value * value
    }
    count += samples.count
    if duration > longest { throw .tooLong(seconds: duration, longest: longest) }
  }

  /// Throws when the whole is silent, constant or too short.
  package func finish() throws(AudioCheckError) {
    if duration < shortest { throw .tooShort(seconds: duration, shortest: shortest) }
    guard expectsSpeech else { return }
    let mean = sum / Double(max(1, count))
    let meanSquare = sumOfSquares / Double(max(1, count))
    let silence = Double(limits.silence)
    if meanSquare.squareRoot() < silence { throw .silent(rms: Float(meanSquare.squareRoot())) }
    let variance = max(0, meanSquare - mean * mean)
    if variance.squareRoot() < silence { throw .constant(value: Float(mean)) }
  }
}
