import Audio

/// What turns a model's samples of one chunk into what leaves: trimmed to the voice itself, at 24 kHz, at
/// the pace asked for, faded at both ends, checked.
///
/// A class, since the resampler and the stretcher own handles of C libraries and cannot be copied.
final class ChunkShaper {
  private var edges: SilenceEdges
  private var resampler: Resampler?
  private var stretcher: TimeStretcher?
  private var fade: EdgeFade
  private var check: AudioCheck

  init(modelRate: Int, outputRate: Int, speed: Double, characters: Int) throws {
    edges = SilenceEdges(sampleRate: modelRate)
    resampler = try Resampler(from: modelRate, to: outputRate)
    stretcher = try TimeStretcher(sampleRate: outputRate, speed: speed)
    fade = EdgeFade(sampleRate: outputRate)
    check = AudioCheck(expectedCharacters: characters, speed: speed, sampleRate: outputRate)
  }

  /// The next samples of the model, shaped; some may be held back until more is known.
  func process(_ samples: [Float]) throws -> [Float] {
    let voice = edges.process(samples)
    let resampled = try resampler?.process(voice) ?? []
    let shaped = fade.process(try stretcher?.process(resampled) ?? [])
    try check.add(shaped)
    return AudioLevel.clamped(shaped)
  }

  /// What was held back, once the model has ended. Called once.
  func finish() throws -> [Float] {
    let resampled = try resampler.take()?.finish() ?? []
    var samples = try stretcher?.process(resampled) ?? []
    samples += try stretcher.take()?.finish() ?? []
    let shaped = fade.finish(samples)
    try check.add(shaped)
    try check.finish()
    return AudioLevel.clamped(shaped)
  }
}
