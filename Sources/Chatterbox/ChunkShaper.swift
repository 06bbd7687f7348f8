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
  /// The model's own samples are only checked for damage and for an end: a model that is silent without end
  /// would never be seen by the check of what leaves.
  private var inputCheck: AudioCheck
  private var check: AudioCheck

  init(modelRate: Int, outputRate: Int, speed: Double, characters: Int) throws {
    edges = SilenceEdges(sampleRate: modelRate)
    resampler = try Resampler(from: modelRate, to: outputRate)
    stretcher = try TimeStretcher(sampleRate: outputRate, speed: speed)
    fade = EdgeFade(sampleRate: outputRate)
    inputCheck = AudioCheck(expectedCharacters: characters, speed: 1, sampleRate: modelRate)
    check = AudioCheck(expectedCharacters: characters, speed: speed, sampleRate: outputRate)
  }

  /// The next samples of the model, shaped; some may be held back until more is known.
  func process(_ samples: [Float]) throws -> [Float] {
    try inputCheck.add(samples)
    let resampled = try resampler?.process(edges.process(samples)) ?? []
    let paced = try stretcher?.process(resampled) ?? []
    // Before the fade, which would make even a constant look like a sound.
    try check.add(paced)
    return AudioLevel.clamped(fade.process(paced))
  }

  /// What was held back, once the model has ended. Called once.
  func finish() throws -> [Float] {
    let resampled = try resampler.take()?.finish() ?? []
    var paced = try stretcher?.process(resampled) ?? []
    paced += try stretcher.take()?.finish() ?? []
    try check.add(paced)
    try check.finish()
    return AudioLevel.clamped(fade.finish(paced))
  }
}
