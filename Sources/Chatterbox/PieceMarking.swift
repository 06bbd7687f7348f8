import Audio

/// Marks a chunk's speech as it leaves: pace and fades come before the mark, not over it.
struct PieceMarking {
  /// An eighth of a second: less is joined to what follows, since a mark wants something to be in.
  private static let fewestSamples = SpeechStream.sampleRate / 8

  private let watermarker: Watermarker
  private let isWhole: Bool
  private var unmarked: [Float] = []
  private var hasBegun = false

  /// - Parameter isWhole: whether a chunk is marked at once, at its end.
  init(by watermarker: Watermarker, isWhole: Bool) {
    (self.watermarker, self.isWhole) = (watermarker, isWhole)
  }

  /// Takes samples and gives those that are marked; none may be.
  mutating func marked(_ samples: [Float], isLast: Bool) async throws -> [Float] {
    unmarked += samples
    guard isLast || !isWhole && unmarked.count >= Self.fewestSamples else { return [] }
    let piece = AudioBuffer(samples: unmarked, sampleRate: SpeechStream.sampleRate)
    defer { (unmarked, hasBegun) = ([], true) }
    return try await watermarker.mark(piece, joinsBefore: hasBegun, joinsAfter: !isLast).samples
  }
}
