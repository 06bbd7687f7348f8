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
  let tokenModel: T3
  private let mostTokens: Int
  /// How many voices' prefixes are kept.
  private let mostPrefixes: Int
  private let builtInVoice: Voice?
  /// The voices that were spoken last, as T3 takes them in, the last one last.
  private var prefixes: [(voice: Voice, exaggeration: Float, prefix: T3Prefix)] = []
  /// What makes sound of speech tokens: the larger half, read when the first tokens are there.
  private var sound: (decoder: S3Gen, vocoder: HiFT)?

  init(_ folder: InstalledCheckpoint, _ configuration: EngineConfiguration) throws {
    self.folder = folder
    kind = folder.kind
    mostPrefixes = configuration.mostCachedVoices
    mostTokens = configuration.mostSpeechTokens ?? .max
    backend = try Backend(device: Device.named(configuration.device), threads: configuration.threads)
    front = try TextFront(folder)
    tokenModel = try T3(
      Checkpoint(path: folder.tokenModel), on: backend, matrixType: configuration.weightType)
    builtInVoice = try folder.file(.conditionals).map {
      try Voice(contentsOf: $0.path, name: "default", family: folder.kind.voiceFamily)
    }
  }

  /// How many voices are ready to speak.
  var cachedVoiceCount: Int { prefixes.count }

  /// The networks that make sound of speech tokens, loaded if they are not yet.
  func soundNetworks() throws -> (decoder: S3Gen, vocoder: HiFT) {
    if let sound { return sound }
    let weights = try Checkpoint(path: folder.decoder)
    let loaded = (try S3Gen(weights, on: backend), try HiFT(weights, on: backend))
    weights.forget()
    sound = loaded
    return loaded
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

  /// Starts the speech of a text; `nil` when there is nothing to say.
  ///
  /// - Throws: ``T3Error/noRoom(positions:free:)`` while others take too much memory, and others.
  func utterance(of text: [Int32], _ chunk: ModelInput) throws -> Utterance? {
    guard !text.isEmpty else { return nil }
    let voice = try voice(chunk.voice)
    let generation = try tokenModel.generation(
      of: text, prefix: prefix(of: voice, exaggeration: Float(chunk.value(.exaggeration, kind))),
      sampling: T3Sampling(chunk, kind, atMost: mostTokens), seed: chunk.seed)
    let reference = S3GenReference(voice)
    return Utterance(
      chunk, kind, generation,
      mel: S3GenStream(
        voice: chunk.parameters[.promptSeconds].map { reference.shortened(to: $0) } ?? reference,
        seed: chunk.seed, steps: chunk.parameters[.flowSteps].map { Int($0) }))
  }

  /// Speech tokens → waveform, in a voice.
  func waveform(of tokens: [Int32], voice: Voice, seed: UInt64) throws -> [Float] {
    let (decoder, vocoder) = try soundNetworks()
    let mel = try decoder.mel(
      of: tokens, voice: S3GenReference(voice), noise: .seed(seed),
      betweenSteps: { try Task.checkCancellation() })
    try Task.checkCancellation()
    return TrimFade.applied(to: try vocoder.waveform(of: mel, randomness: .seed(seed &+ 1)))
  }

  private func prefix(of voice: Voice, exaggeration: Float) throws -> T3Prefix {
    if let index = prefixes.firstIndex(where: { $0.exaggeration == exaggeration && $0.voice == voice }) {
      prefixes.append(prefixes.remove(at: index))
      return prefixes[prefixes.count - 1].prefix
    }
    if prefixes.count >= mostPrefixes { prefixes.removeFirst() }
    let made = try tokenModel.prefix(
      of: T3Condition(
        speakerEmbedding: voice.speakerEmbedding, promptTokens: voice.speechTokens,
        exaggeration: exaggeration))
    prefixes.append((voice, exaggeration, made))
    return made
  }
}

extension S3GenReference {
  init(_ voice: Voice) {
    self.init(
      promptTokens: voice.prompt.tokens, promptMel: voice.prompt.melFrames,
      speakerEmbedding: voice.prompt.speakerEmbedding)
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

  fileprivate init(_ chunk: ModelInput, _ kind: ModelName, atMost limit: Int) {
    let value = { (parameter: SpeechParameter) in Float(chunk.value(parameter, kind)) }
    let temperature = value(.temperature)
    self.init(
      temperature: temperature, repetitionPenalty: value(.repetitionPenalty), minimumP: value(.minP),
      topP: value(.topP), topK: kind.parameters.contains(.topK) ? Int(value(.topK)) : 0,
      guidance: kind.parameters.contains(.cfgWeight) ? value(.cfgWeight) : 0, isGreedy: temperature == 0,
      maximumTokens: min(limit, Self.longest(chunk)))
  }

  /// A text that could not take as long has run away: as long as the slowest reading of it takes.
  private static func longest(_ chunk: ModelInput) -> Int {
    let characters = chunk.text.unicodeScalars.count { $0.isSpeakable }
    let secondsPerCharacter = [.chinese, .japanese, .korean].contains(chunk.language) ? 1.2 : 0.6
    let seconds = 2.5 + secondsPerCharacter * Double(characters)
    return min(mostTokens, Int(seconds * Double(SpeechTokens.rate)))
  }
}
