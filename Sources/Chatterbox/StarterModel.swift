import Foundation
import Models
import Tensor
import Text

/// The starter voice: a Piper voice, its phonemes by espeak-ng, its waveform by our VITS.
struct StarterModel: SpeechModel {
  let name = ModelName.starter
  var sampleRate: Int { configuration.sampleRate }

  private let configuration: PiperVoiceConfiguration
  private let phonemizer: EspeakPhonemizer
  private let voice: VITSWorker

  /// Reads the voice's configuration; its weights are read when they are first needed.
  ///
  /// - Throws: ``ChatterboxError`` when the voice is damaged or of another kind.
  init(_ voice: ModelStore.PiperVoice, device: String, threads: Int?) throws {
    do {
      configuration = try PiperVoiceConfiguration(Data(contentsOf: voice.configuration))
    } catch let refusal as PiperVoiceConfiguration.Refusal {
      throw ChatterboxError(.modelUnreadable, "The starter voice cannot be loaded: \(refusal)")
    } catch {
      throw ChatterboxError(
        .modelUnreadable, "The starter voice cannot be loaded: its .onnx.json is not a readable file.")
    }
    phonemizer = EspeakPhonemizer(voice: configuration.espeakVoice)
    self.voice = VITSWorker(
      weights: voice.weights, largestID: configuration.largestID, device: device, threads: threads)
  }

  /// Loads the weights now, so that the first request does not wait for them.
  func load() async throws {
    phonemizer.prepare()
    try await voice.load()
  }

  func speak(_ chunk: ModelInput) async throws -> SampleSource {
    let normalizer = TextNormalizer(language: chunk.language)
    let runs = chunk.lexicon.runs(of: chunk.text, language: chunk.language)
      .map { $0.normalized(by: normalizer) }
    let phonemes = try await phonemizer.phonemes(of: runs)
    let parts = PhonemeParts(phonemes).map(configuration.ids(of:))
    return source(of: parts[...], seed: chunk.seed)
  }

  private func source(of parts: ArraySlice<[Int32]>, seed: UInt64) -> SampleSource {
    guard let first = parts.first else { return .empty }
    return SampleSource { [voice, options = configuration.options] in
      let utterance = try await voice.utterance(first, options, seed: seed)
      return try await windows(of: utterance)
        .followed { source(of: parts.dropFirst(), seed: seed &+ 1) }.next()
    }
  }

  private func windows(of utterance: VITSUtterance) -> SampleSource {
    SampleSource { [voice] in
      guard let (samples, rest) = try await voice.next(utterance) else { return nil }
      return (samples, windows(of: rest))
    }
  }
}

/// Phonemes in parts of a bounded length, cut between words: attention's memory grows with its square.
struct PhonemeParts: Sequence, IteratorProtocol {
  static let longest = 500
  private var rest: Substring

  init(_ phonemes: String) {
    rest = phonemes[...]
  }

  mutating func next() -> String? {
    rest = rest.drop { $0 == " " }
    guard !rest.isEmpty else { return nil }
    let most = rest.prefix(Self.longest)
    let isLast = most.endIndex == rest.endIndex
    let end = isLast ? most.endIndex : most.lastIndex(of: " ") ?? most.endIndex
    defer { rest = rest[end...] }
    return String(rest[..<end])
  }
}

/// The one owner of a VITS voice.
actor VITSWorker {
  private let weights: URL
  private let largestID: Int32
  private let device: String
  private let threads: Int?
  private let executor = InferenceExecutor(label: "chatterbox.starter")
  private var loaded: VITS?

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  init(weights: URL, largestID: Int32, device: String, threads: Int?) {
    self.weights = weights
    self.largestID = largestID
    self.device = device
    self.threads = threads
  }

  func load() throws { _ = try voice() }

  func utterance(_ ids: [Int32], _ options: VITSOptions, seed: UInt64) throws -> VITSUtterance {
    try Task.checkCancellation()
    return try voice().utterance(ids, options, seed: seed)
  }

  func next(_ utterance: VITSUtterance) throws -> (samples: [Float], rest: VITSUtterance)? {
    try Task.checkCancellation()
    var rest = utterance
    return try voice().next(&rest).map { ($0, rest) }
  }

  private func voice() throws -> VITS {
    if let loaded { return loaded }
    do {
      let backend = try Backend(device: Device.named(device), threads: threads)
      let voice = try VITS(ONNXFile(path: weights.path), on: backend)
      guard largestID < voice.vocabulary else {
        throw TensorError.unreadableFile(
          name: weights.lastPathComponent, reason: "its phoneme map has ids that the network does not know")
      }
      loaded = voice
      return voice
    } catch let error as TensorError {
      throw ChatterboxError(.modelUnreadable, "The starter voice cannot be loaded. \(error)")
    }
  }
}
