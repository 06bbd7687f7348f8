/// An utterance whose waveform is still to be made, window by window.
///
/// A sample hears only so many frames around it, so a window decoded with that much context on both sides
/// equals the same stretch of the whole. The first window is short, so that sound starts early; the others
/// all have one size, so that one graph serves them, the last one reaching back into what came before.
public struct VITSUtterance: Sendable {
  /// The frames of every phoneme.
  public let durations: [Int]
  /// How many latent frames the utterance has.
  public let frameCount: Int
  let latent: [Float]
  let speaker: Int
  private var position = 0

  /// Frames decoded at once: the first time, and after.
  static let windows = (first: 64, later: 192)

  init(latent: [Float], frameCount: Int, speaker: Int, durations: [Int]) {
    self.latent = latent
    self.frameCount = frameCount
    self.speaker = speaker
    self.durations = durations
  }

  /// The frames to decode, and those of them whose samples are new and final.
  mutating func nextWindow(context: Int) -> (input: Range<Int>, output: Range<Int>)? {
    guard position < frameCount else { return nil }
    let size = max(position == 0 ? Self.windows.first : Self.windows.later, 4 * context)
    let start = max(0, min(position - context, frameCount - size))
    let end = min(start + size, frameCount)
    let output = position..<(end == frameCount ? end : end - context)
    position = output.upperBound
    return (start..<end, output)
  }
}
