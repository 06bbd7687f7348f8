import Audio
import Text

/// The speech of one request, made piece by piece as it is read.
///
/// Nothing is made ahead: who stops reading stops the work, and memory does not grow with the text. Cancelling
/// the task that reads ends the work within one step of the model.
public struct SpeechStream: AsyncSequence, Sendable {
  /// A piece of speech.
  public typealias Element = AudioChunk

  /// The rate of everything that leaves, in Hz.
  public static let sampleRate = 24_000

  /// Who speaks, and what the caller should know.
  public let info: SpeechInfo

  let request: ResolvedRequest
  let model: any SpeechModel
  let delivery: SpeechDelivery

  init(
    _ request: ResolvedRequest, model: any SpeechModel, delivery: SpeechDelivery = .early,
    warnings: [SpeechWarning] = []
  ) {
    self.request = request
    self.model = model
    self.delivery = delivery
    info = SpeechInfo(
      model: request.modelName, language: request.language.code, sampleRate: Self.sampleRate,
      modelSampleRate: model.sampleRate, seed: request.seed,
      warnings: request.warnings + warnings)
  }

  /// Starts from the beginning of the text.
  public func makeAsyncIterator() -> Iterator {
    Iterator(request, model: model, delivery: delivery)
  }

  /// Starts at a piece: all before it is passed over, and what follows is as if it had not been.
  package func iterator(startingAt piece: Int) -> Iterator {
    var iterator = makeAsyncIterator()
    iterator.skip(piece)
    return iterator
  }

  /// Makes the speech from the first word to the last.
  public struct Iterator: AsyncIteratorProtocol {
    private let request: ResolvedRequest
    private let model: any SpeechModel
    private let delivery: SpeechDelivery
    private var pieces: SpeechPieces.Iterator
    private var current: SampleSource?
    private var shaper: ChunkShaper?
    private var marking: PieceMarking?
    private var progress = 0.0
    /// Pieces of text that were begun, pauses among them, and those that are speech.
    private var pieceCount = 0
    private var chunkCount: UInt64 = 0

    init(_ request: ResolvedRequest, model: any SpeechModel, delivery: SpeechDelivery) {
      self.request = request
      self.model = model
      self.delivery = delivery
      pieces = SpeechPieces(request).makeIterator()
    }

    /// The next chunk, or `nil` after the last.
    ///
    /// - Throws: ``ChatterboxError`` when the model, espeak-ng or the check fails; `CancellationError`.
    public mutating func next() async throws -> AudioChunk? {
      do {
        while let samples = try await step() {
          try Task.checkCancellation()
          if !samples.isEmpty {
            return AudioChunk(samples: samples, progress: progress, piece: pieceCount - 1)
          }
        }
        return nil
      } catch {
        throw ChatterboxError.presentable(error)
      }
    }

    /// One step of the work; its samples may be none yet.
    private mutating func step() async throws -> [Float]? {
      if let source = current {
        return try await advance(source)
      }
      guard let piece = nextPiece() else { return nil }
      switch piece.content {
      case .pause(let seconds):
        return AudioJoin.silence(seconds: seconds, sampleRate: SpeechStream.sampleRate)
      case .speech(let text):
        try await begin(text)
        return []
      }
    }

    private mutating func nextPiece() -> SpeechPieces.Piece? {
      guard let piece = pieces.next() else { return nil }
      progress = piece.progress
      pieceCount += 1
      return piece
    }

    /// Passes over pieces that have been spoken before, as if they had been spoken now.
    mutating func skip(_ count: Int) {
      while pieceCount < count, let piece = nextPiece() {
        if case .speech = piece.content { chunkCount += 1 }
      }
    }

    private mutating func begin(_ text: String) async throws {
      let input = ModelInput(
        text: text, language: request.language, lexicon: request.lexicon, voice: request.voice,
        parameters: request.parameters,
        pieces: delivery == .whole ? .whole : chunkCount == 0 ? .first : .following,
        priority: request.priority,
        seed: request.seed &+ chunkCount &* 0x9E37_79B9)
      chunkCount += 1
      let characters = text.unicodeScalars.count { $0.isSpeakable }
      current = try await model.speak(input)
      shaper = try ChunkShaper(
        modelRate: model.sampleRate, outputRate: SpeechStream.sampleRate, speed: request.speed,
        characters: characters)
      marking = model.watermark.map { PieceMarking(by: $0, isWhole: delivery == .whole) }
    }

    private mutating func advance(_ source: SampleSource) async throws -> [Float] {
      let shaped: [Float]
      if let (samples, rest) = try await source.next() {
        current = rest
        shaped = try shaper?.process(samples) ?? []
      } else {
        shaped = try shaper?.finish() ?? []
        (current, shaper) = (nil, nil)
      }
      return try await marking?.marked(shaped, isLast: current == nil) ?? shaped
    }
  }
}
