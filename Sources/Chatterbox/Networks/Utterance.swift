import Models
import Text

/// A chunk of text on its way to sound: tokens that come one by one, the mel and the waveform that follow them.
///
/// Belongs to its worker.
final class Utterance {
  let generation: T3Generation
  let priority: SpeechPriority
  let seed: UInt64
  var mel: S3GenStream
  /// `nil` before the first samples.
  var wave: HiFTStream?
  /// Samples that have left.
  var sampleCount = 0
  /// Whether all has been said.
  var isDone = false

  private var pieces: PieceSizes
  private let kind: ModelName
  /// Tokens that the mel has taken, silent ones counted.
  private var taken = 0

  init(_ chunk: ModelInput, _ kind: ModelName, _ generation: T3Generation, mel: S3GenStream) {
    (priority, seed, pieces) = (chunk.priority, chunk.seed, chunk.pieces)
    (self.kind, self.generation, self.mel) = (kind, generation, mel)
  }

  /// How many tokens the next piece takes: fewer at the end.
  var hasTokens: Bool {
    generation.isFinished || generation.tokens.count >= pieces.wanted(after: taken)
  }

  /// How far the waveform looks ahead: nothing is to be gained where all comes at once.
  var lookahead: Int { pieces == .whole ? HiFTStream.exactLookahead : HiFTStream.quickLookahead }

  /// The tokens of the next piece, and whether it is the last one.
  func takePiece() -> (tokens: [Int32], isLast: Bool) {
    var tokens = generation.tokens[taken...].filter { $0 < SpeechTokens.count }
    taken = generation.tokens.count
    pieces.grow()
    guard generation.isFinished else { return (tokens, false) }
    let isSilent = !generation.tokens.contains { $0 < SpeechTokens.count }
    if kind.voiceFamily == .turbo, !isSilent {
      tokens += [Int32](repeating: SpeechTokens.silence, count: 3)
    }
    return (tokens, true)
  }

  /// Samples as they leave: the start faded in, and of multilingual speech without its end.
  func finished(_ samples: [Float], isLast: Bool) -> [Float] {
    var samples = TrimFade.applied(to: samples, after: sampleCount)
    sampleCount += samples.count
    if isLast, kind == .multilingual, generation.tokens.count > 1 {
      // The last token is made just before the end, with little attention to the text, and is 40 ms of noise.
      samples.removeLast(min(samples.count, SpeechStream.sampleRate / SpeechTokens.rate))
    }
    return samples
  }
}
