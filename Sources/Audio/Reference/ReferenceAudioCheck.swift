/// What every recording passes before a voice is cloned from it.
///
/// It is checked at its own rate, since resampling rounds off the flat tops that give clipping away. Where one
/// channel of several is clipped, the mean of all hides it.
package struct ReferenceAudioCheck: Sendable {
  /// Where usable ends.
  package struct Limits: Hashable, Sendable {
    /// A recording has to be longer than this, in seconds.
    package var shortest = 1.0
    /// The sound that is needed between the first and the last, in seconds.
    package var shortestSound = 0.5
    /// The length from which on the likeness is good, in seconds.
    package var advised = 5.0
    /// What lies behind is not used, in seconds. No network but the voice encoder looks beyond 15 s.
    package var longest = 120.0
    /// RMS around the mean below which audio is silent; −60 dB of full scale.
    package var silence: Float = 0.001
    /// The magnitude that counts as full scale: MP3 and resampling leave a little less or more.
    package var fullScale: Float = 0.99
    /// The share of samples at full scale from which on a warning is given.
    package var clippedWarning = 0.001
    /// The share of samples at full scale from which on the recording is refused.
    package var clippedError = 0.01

    package init() {}

    /// For Turbo and Nano, whose reference insists on more than 5 s (tts_turbo.py).
    package static var turbo: Limits {
      var limits = Limits()
      limits.shortest = 5
      return limits
    }
  }

  private let limits: Limits

  package init(limits: Limits = Limits()) { self.limits = limits }

  /// The audio to clone from, its start where it is too long, and what is not good about it.
  package func check(
    _ audio: AudioBuffer
  ) throws(ReferenceAudioError) -> (audio: AudioBuffer, warnings: [ReferenceAudioWarning]) {
    guard audio.duration > limits.shortest else {
      throw .tooShort(seconds: audio.duration, shortest: limits.shortest)
    }
    var warnings: [ReferenceAudioWarning] = []
    var used = audio
    if audio.duration > limits.longest {
      used.samples = Array(audio.samples.prefix(Int(limits.longest * Double(audio.sampleRate))))
      warnings.append(.trimmed(seconds: audio.duration, used: limits.longest))
    }
    if used.duration < limits.advised {
      warnings.append(.short(seconds: used.duration, advised: limits.advised))
    }
    try checkSound(used)
    let clipped = share(of: used.samples) { abs($0) >= limits.fullScale }
    if clipped >= limits.clippedError { throw .clipped(share: clipped) }
    if clipped >= limits.clippedWarning { warnings.append(.clipped(share: clipped)) }
    return (used, warnings)
  }

  private func checkSound(_ audio: AudioBuffer) throws(ReferenceAudioError) {
    let count = Double(audio.samples.count)
    let mean = audio.samples.reduce(0.0) { $0 + Double($1) } / count
    let power = audio.samples.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / count
    let level = Float(power.squareRoot())
    guard level >= limits.silence else { throw .silent(rms: level) }
    let sound = SilenceTrim.audibleRange(of: audio.samples)
    let seconds = Double(sound.count) / Double(audio.sampleRate)
    guard seconds >= limits.shortestSound else {
      throw .tooLittleSound(seconds: seconds, shortest: limits.shortestSound)
    }
  }

  private func share(of samples: [Float], where isCounted: (Float) -> Bool) -> Double {
    Double(samples.count { isCounted($0) }) / Double(samples.count)
  }
}
