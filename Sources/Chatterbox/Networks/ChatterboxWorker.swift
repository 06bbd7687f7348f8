import Audio
import Foundation
import Models
import Tensor
import Text

/// The one owner of a Chatterbox model's networks: text to waveform, audio to voice, speech to speech.
///
/// Utterances that wait for speech tokens at the same time share each pass of T3; everything else takes turns,
/// in pieces of a fraction of a second. Nothing is made that nobody waits for.
actor ChatterboxWorker {
  /// The most rows of a pass: beyond, they cost as much as a pass of their own.
  private static let mostRows = 16
  /// Mel frames that are spoken in one turn.
  private static let framesPerTurn = 150

  private let folder: InstalledCheckpoint
  private let configuration: EngineConfiguration
  private let executor: InferenceExecutor
  private var loaded: ChatterboxNetworks?
  private var utterances: [UtteranceReader.ID: Utterance] = [:]
  private var nextID: UtteranceReader.ID = 0
  /// Those whose readers wait for tokens, in the order that they began to wait.
  private var speaking: [Utterance] = []
  private var turns = Turns()

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  init(_ folder: InstalledCheckpoint, _ configuration: EngineConfiguration) {
    self.folder = folder
    self.configuration = configuration
    executor = InferenceExecutor(label: "chatterbox.\(folder.kind.rawValue)")
  }

  /// The same, with nothing read yet.
  nonisolated var unloaded: ChatterboxWorker { ChatterboxWorker(folder, configuration) }

  func load() throws { _ = try soundNetworks() }

  /// The bytes of its weights; 0 when they are not loaded.
  var byteCount: Int { loaded?.backend.weightByteCount ?? 0 }

  /// How many voices are ready to speak.
  var cachedVoiceCount: Int { loaded?.cachedVoiceCount ?? 0 }

  /// The voice that audio is spoken in.
  func voice(from audio: AudioBuffer, name: String) throws -> Voice {
    try networks().voice(from: audio, name: name)
  }

  /// Speech in another voice, 24 kHz, without a watermark; `nil` is the model's own.
  func converted(_ audio: AudioBuffer, to voice: Voice?, seed: UInt64) throws -> [Float] {
    _ = try soundNetworks()
    return try networks().converted(audio, to: voice, seed: seed)
  }

  private func networks() throws -> ChatterboxNetworks {
    if let loaded { return loaded }
    let networks = try readable { try ChatterboxNetworks(folder, configuration) }
    loaded = networks
    return networks
  }

  /// What makes sound of speech tokens, read when it is first wanted.
  private func soundNetworks() throws -> (decoder: S3Gen, vocoder: HiFT) {
    let networks = try networks()
    return try readable { try networks.soundNetworks() }
  }

  /// The result of reading files, whose errors are the model's.
  private func readable<Result>(_ read: () throws -> Result) throws -> Result {
    do {
      return try read()
    } catch let error as TensorError {
      throw ChatterboxError(
        .modelUnreadable, "The model '\(folder.kind.rawValue)' cannot be loaded. \(error)")
    } catch let error as TokenizerError {
      throw ChatterboxError(
        .modelUnreadable, "The model '\(folder.kind.rawValue)' cannot be loaded. \(error)")
    }
  }
}

// Speaking.
extension ChatterboxWorker {
  /// Begins a chunk; `nil` when there is nothing to say.
  func begin(_ chunk: ModelInput) async throws -> UtteranceReader? {
    let text = try await networks().front.tokens(of: chunk)
    guard let utterance = try await utterance(of: text, chunk) else { return nil }
    nextID += 1
    utterances[nextID] = utterance
    return UtteranceReader(id: nextID, worker: self)
  }

  /// Starts an utterance as soon as the others leave it room.
  private func utterance(of text: [Int32], _ chunk: ModelInput) async throws -> Utterance? {
    while true {
      do {
        return try await turn(chunk.priority) { try networks().utterance(of: text, chunk) }
      } catch T3Error.noRoom where !utterances.isEmpty {
        try await Task.sleep(for: .milliseconds(20))
      }
    }
  }

  /// The next samples of an utterance, 24 kHz, without a watermark; `nil` at its end.
  func next(_ id: UtteranceReader.ID) async throws -> [Float]? {
    guard let utterance = utterances[id] else { return nil }
    do {
      while !utterance.isDone {
        try await speak(utterance)
        let samples = try await sound(utterance)
        if !samples.isEmpty { return samples }
      }
      return nil
    } catch {
      // What was being made is lost: nothing can go on from here.
      utterance.isDone = true
      throw error
    }
  }

  /// How many utterances are under way.
  var utteranceCount: Int { utterances.count }

  /// Forgets an utterance that nobody reads any more.
  func end(_ id: UtteranceReader.ID) { utterances[id] = nil }

  /// Makes speech tokens until there are enough for the next piece.
  private func speak(_ utterance: Utterance) async throws {
    guard !utterance.hasTokens else { return }
    speaking.append(utterance)
    defer { speaking.removeAll { $0 === utterance } }
    while !utterance.hasTokens {
      try await turn(utterance.priority) {
        // Another's turn may have brought enough.
        guard !utterance.hasTokens else { return }
        _ = try networks().tokenModel.next(crew(of: utterance).map(\.generation))
      }
    }
  }

  /// Those that share a pass with an utterance: the most urgent that still want tokens.
  private func crew(of utterance: Utterance) -> [Utterance] {
    var rows = utterance.generation.rows
    var crew = [utterance]
    for other in speaking.sorted(by: { $0.priority < $1.priority }) {
      guard other !== utterance, !other.hasTokens, rows + other.generation.rows <= Self.mostRows else {
        continue
      }
      rows += other.generation.rows
      crew.append(other)
    }
    return crew
  }

  /// Makes the sound of the tokens that are there.
  private func sound(_ utterance: Utterance) async throws -> [Float] {
    let (tokens, isLast) = utterance.takePiece()
    utterance.isDone = isLast
    let frames = try await frames(of: tokens, isLast: isLast, utterance)
    let step = Self.framesPerTurn * HiFT.melChannels
    var samples: [Float] = []
    for start in stride(from: 0, to: max(1, frames.count), by: step) {
      let end = min(start + step, frames.count)
      samples += try await turn(utterance.priority) {
        let vocoder = try soundNetworks().vocoder
        var wave =
          utterance.wave
          ?? vocoder.stream(randomness: .seed(utterance.seed &+ 1), lookahead: utterance.lookahead)
        defer { utterance.wave = wave }
        return try vocoder.next(Array(frames[start..<end]), isLast: isLast && end == frames.count, &wave)
      }
    }
    return utterance.finished(samples, isLast: isLast)
  }

  private func frames(of tokens: [Int32], isLast: Bool, _ utterance: Utterance) async throws -> [Float] {
    let started = try await turn(utterance.priority) {
      try utterance.mel.flow(adding: tokens, isLast: isLast, by: soundNetworks().decoder)
    }
    guard var flow = started else { return [] }
    while !flow.isDone {
      try await turn(utterance.priority) { try soundNetworks().decoder.advance(&flow) }
    }
    return utterance.mel.frames(of: flow, channels: HiFT.melChannels)
  }
}

// Turns.
extension ChatterboxWorker {
  /// Does some work when it is its turn.
  ///
  /// - Throws: `CancellationError` instead, when its task has been cancelled meanwhile; what the work throws.
  private func turn<Result>(_ priority: SpeechPriority, _ work: () throws -> Result) async throws -> Result {
    await withCheckedContinuation { continuation in
      if turns.wait(priority, continuation) { chooseLater() }
    }
    defer { chooseLater() }
    try Task.checkCancellation()
    return try work()
  }

  /// Behind all that is already waiting for this actor, so that everyone who wants a turn has asked for it.
  private func chooseLater() {
    Task { choose() }
  }

  private func choose() { turns.choose() }
}

/// A reader's hold on an utterance, which ends with it.
final class UtteranceReader: Sendable {
  typealias ID = Int
  let id: ID
  private let worker: ChatterboxWorker

  init(id: ID, worker: ChatterboxWorker) {
    (self.id, self.worker) = (id, worker)
  }

  /// The next samples, or `nil` at the end.
  func next() async throws -> [Float]? { try await worker.next(id) }

  deinit {
    let (id, worker) = (id, worker)
    Task { await worker.end(id) }
  }
}
