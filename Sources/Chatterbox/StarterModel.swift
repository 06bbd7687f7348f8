import Foundation
import Models
import Tensor
import Text

/// The starter voice: a Piper voice, its phonemes by espeak-ng, its waveform by our VITS.
struct StarterModel: SpeechModel {
  let name = ModelName.starter
  let identity: String
  var sampleRate: Int { configuration.sampleRate }

  private let files: ModelStore.PiperVoice
  private let device: String
  private let threads: Int?
  private let configuration: PiperVoiceConfiguration
  private let phonemizer: EspeakPhonemizer
  private var voice: VITSWorker

  /// Reads the voice's configuration; its weights are read when they are first needed.
  ///
  /// - Throws: ``ChatterboxError`` when the voice is damaged or of another kind.
  init(_ voice: ModelStore.PiperVoice, device: String, threads: Int?) throws {
    (files, self.device, self.threads) = (voice, device, threads)
    identity = voice.identity
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

  var byteCount: Int {
    get async { await voice.byteCount }
  }

  var estimatedByteCount: Int { files.weights.fileSize ?? 0 }

  var unloaded: any SpeechModel {
    if let model = try? StarterModel(files, device: device, threads: threads) { return model }
    // Its files are gone or damaged: it says so when it is loaded, and is another once they are there again.
    var model = self
    model.voice = voice.unloaded
    return model
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

extension ModelStore.PiperVoice {
  fileprivate var identity: String { FileIdentity.text(of: [weights, configuration]) }
}
