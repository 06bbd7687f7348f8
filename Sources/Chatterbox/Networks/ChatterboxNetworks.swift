import Audio
import Foundation
import Models
import Tensor
import Text

/// A Chatterbox model's networks on one device, and the way through them.
///
/// Source: `generate` in the reference's `tts.py`, `tts_turbo.py` and `mtl_tts.py`.
final class ChatterboxNetworks {
  let front: TextFront
  let kind: ModelName

  let backend: Backend
  let folder: InstalledCheckpoint
  let decoder: S3Gen
  private let tokenModel: T3
  private let vocoder: HiFT
  private let builtInVoice: Voice?
  /// The voice that was spoken last, as T3 takes it in: most requests keep to one.
  private var prefix: (voice: Voice, exaggeration: Float, prefix: T3Prefix)?

  init(_ folder: InstalledCheckpoint, _ configuration: EngineConfiguration) throws {
    self.folder = folder
    kind = folder.kind
    backend = try Backend(device: Device.named(configuration.device), threads: configuration.threads)
    front = try TextFront(folder)
    tokenModel = try T3(
      Checkpoint(path: folder.tokenModel), on: backend, matrixType: configuration.weightType)
    let weights = try Checkpoint(path: folder.decoder)
    decoder = try S3Gen(weights, on: backend)
    vocoder = try HiFT(weights, on: backend)
    builtInVoice = try folder.file(.conditionals).map {
      try Voice(contentsOf: $0.path, name: "default", family: folder.kind.voiceFamily)
    }
  }

  /// The voice that a request asks for, or the model's own.
  func voice(_ asked: Voice?) throws(ChatterboxError) -> Voice {
    if let voice = asked ?? builtInVoice { return voice }
    throw ChatterboxError(
      .unknownVoice,
      "The model '\(kind.rawValue)' came without a voice of its own: name one, or clone one with "
        + "'chatterbox voices clone'.",
      field: "voice")
  }

  /// Text tokens → waveform.
  func speak(_ text: [Int32], _ chunk: ModelInput) throws -> [Float] {
    guard !text.isEmpty else { return [] }
    let voice = try voice(chunk.voice)
    var tokens = try speechTokens(of: text, chunk, voice)
    if kind.voiceFamily == .turbo { tokens += [Int32](repeating: SpeechTokens.silence, count: 3) }
    guard !tokens.isEmpty else { return [] }
    var waveform = try waveform(of: tokens, voice: voice, seed: chunk.seed)
    if kind == .multilingual {
      // The last token is made just before the end, with little attention to the text, and is 40 ms of noise.
      waveform.removeLast(min(waveform.count, tokens.count > 1 ? Self.samplesPerToken : 0))
    }
    return waveform
  }

  /// Speech tokens → waveform, in a voice.
  func waveform(of tokens: [Int32], voice: Voice, seed: UInt64) throws -> [Float] {
    let prompt = voice.prompt
    let mel = try decoder.mel(
      of: tokens,
      voice: S3GenReference(
        promptTokens: prompt.tokens, promptMel: prompt.melFrames,
        speakerEmbedding: prompt.speakerEmbedding),
      noise: .seed(seed), betweenSteps: { try Task.checkCancellation() })
    try Task.checkCancellation()
    return TrimFade.applied(to: try vocoder.waveform(of: mel, randomness: .seed(seed &+ 1)))
  }

  private static let samplesPerToken = SpeechStream.sampleRate / SpeechTokens.rate

  private func speechTokens(of text: [Int32], _ chunk: ModelInput, _ voice: Voice) throws -> [Int32] {
    let generation = try tokenModel.generation(
      of: text, prefix: prefix(of: voice, exaggeration: Float(chunk.value(.exaggeration, kind))),
      sampling: T3Sampling(chunk, kind), seed: chunk.seed)
    while try tokenModel.next(generation) != nil {
      try Task.checkCancellation()
    }
    return generation.tokens.filter { $0 < SpeechTokens.count }
  }

  private func prefix(of voice: Voice, exaggeration: Float) throws -> T3Prefix {
    if let prefix, prefix.voice == voice, prefix.exaggeration == exaggeration { return prefix.prefix }
    let made = try tokenModel.prefix(
      of: T3Condition(
        speakerEmbedding: voice.speakerEmbedding, promptTokens: voice.speechTokens,
        exaggeration: exaggeration))
    prefix = (voice, exaggeration, made)
    return made
  }
}

extension ModelInput {
  /// A parameter as it was asked for, or the model's standard.
  fileprivate func value(_ parameter: SpeechParameter, _ kind: ModelName) -> Double {
    parameters[parameter] ?? kind.standard(parameter)
  }
}

extension T3Sampling {
  /// The most speech tokens of the reference: 40 s.
  private static let mostTokens = 1000

  fileprivate init(_ chunk: ModelInput, _ kind: ModelName) {
    let value = { (parameter: SpeechParameter) in Float(chunk.value(parameter, kind)) }
    let temperature = value(.temperature)
    self.init(
      temperature: temperature, repetitionPenalty: value(.repetitionPenalty), minimumP: value(.minP),
      topP: value(.topP), topK: kind.parameters.contains(.topK) ? Int(value(.topK)) : 0,
      guidance: kind.parameters.contains(.cfgWeight) ? value(.cfgWeight) : 0, isGreedy: temperature == 0,
      maximumTokens: Self.longest(chunk))
  }

  /// A text that could not take as long has run away: as long as the slowest reading of it takes.
  private static func longest(_ chunk: ModelInput) -> Int {
    let characters = chunk.text.unicodeScalars.count { $0.isSpeakable }
    let secondsPerCharacter = [.chinese, .japanese, .korean].contains(chunk.language) ? 1.2 : 0.6
    let seconds = 2.5 + secondsPerCharacter * Double(characters)
    return min(mostTokens, Int(seconds * Double(SpeechTokens.rate)))
  }
}
