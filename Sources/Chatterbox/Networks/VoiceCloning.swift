import Audio
import Models
import Tensor

// From audio to a voice, and from one voice to another.
extension ChatterboxNetworks {
  /// The rate of everything that listens.
  private static let listeningRate = 16_000
  private static let promptSeconds = 10

  /// The voice that audio is spoken in.
  ///
  /// Source: `prepare_conditionals` in the reference's `tts.py` and `tts_turbo.py`, `embed_ref` in `s3gen.py`.
  ///
  /// - Throws: ``ChatterboxError`` when the audio is too short, silent or clipped.
  func voice(from audio: AudioBuffer, name: String) throws -> Voice {
    guard let family = kind.voiceFamily else { throw ChatterboxError.noCloning(kind) }
    let checked = try Self.checked(audio, for: family)
    var wide = try checked.resampledToFullLength(at: SpeechStream.sampleRate)
    if family == .turbo { wide = Loudness.normalized(wide) }
    let narrow = try wide.resampledToFullLength(at: Self.listeningRate)

    let tokenizer = try S3Tokenizer(Checkpoint(path: folder.decoder), on: backend)
    // Turbo listens to 15 s, the others to 6.
    let (seconds, mostTokens) = family == .turbo ? (15, 375) : (6, 150)
    let speechTokens = try tokenizer.tokens(
      of: Array(narrow.samples.prefix(seconds * Self.listeningRate)), limit: mostTokens)
    return Voice(
      name: name, family: family, speakerEmbedding: try speakerEmbedding(of: narrow),
      speechTokens: speechTokens, prompt: try prompt(from: wide, tokenizer))
  }

  private static func checked(
    _ audio: AudioBuffer, for family: Voice.Family
  ) throws(ChatterboxError) -> AudioBuffer {
    do {
      return try ReferenceAudioCheck(limits: family == .turbo ? .turbo : .init()).check(audio).audio
    } catch {
      throw ChatterboxError(.voiceUnreadable, "No voice can be made of this audio. \(error)", field: "audio")
    }
  }

  private func speakerEmbedding(of narrow: AudioBuffer) throws -> [Float] {
    let encoder = try VoiceEncoder(Checkpoint(path: folder.voiceEncoder), on: backend)
    let audible = SilenceTrim.audibleRange(of: narrow.samples, decibels: 20)
    return try encoder.embedding(of: Array(narrow.samples[audible]))
  }

  private func prompt(from wide: AudioBuffer, _ tokenizer: S3Tokenizer) throws -> Voice.Prompt {
    let samples = Array(wide.samples.prefix(Self.promptSeconds * SpeechStream.sampleRate))
    let weights = try Checkpoint(path: folder.decoder)
    let melFrames = try PromptMel(on: backend).frames(of: samples)
    let narrow = try SincResampler(from: SpeechStream.sampleRate, to: Self.listeningRate).resample(samples)
    // Two mel frames a token, whichever of the two is longer.
    let tokens = try tokenizer.tokens(of: narrow).prefix(melFrames.count / 80 / 2)
    return Voice.Prompt(
      tokens: Array(tokens), melFrames: melFrames,
      speakerEmbedding: try CAMPPlus(weights, on: backend).embedding(of: narrow))
  }

  /// Speech in another voice.
  ///
  /// Source: `generate` in the reference's `vc.py`.
  func converted(_ audio: AudioBuffer, to asked: Voice?, seed: UInt64) throws -> [Float] {
    let voice = try voice(asked)
    let narrow = try audio.resampledToFullLength(at: Self.listeningRate)
    let tokenizer = try S3Tokenizer(Checkpoint(path: folder.decoder), on: backend)
    let tokens = try tokenizer.tokens(of: narrow.samples)
    var waveform: [Float] = []
    // Forty seconds at a time, as much as the reference ever makes at once.
    for start in stride(from: 0, to: tokens.count, by: 1000) {
      try Task.checkCancellation()
      let part = Array(tokens[start..<min(start + 1000, tokens.count)])
      waveform += try self.waveform(of: part, voice: voice, seed: seed &+ UInt64(start))
    }
    return waveform
  }
}

extension ChatterboxError {
  static func noCloning(_ model: ModelName) -> ChatterboxError {
    ChatterboxError(
      .invalidValue,
      "The model '\(model.rawValue)' has only its own voice. Clone for 'turbo', 'nano', 'standard' or "
        + "'multilingual'.",
      field: "model")
  }
}
