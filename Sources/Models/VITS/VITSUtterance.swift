/// An utterance whose waveform is still to be made, window by window.
///
/// A sample hears only so many frames around it, so a window decoded with that much context on both sides
/// equals the same stretch of the whole. Context costs work, so windows are few: a first one that is short, so
/// that sound starts early, then long ones, whose size bounds the memory.
public struct VITSUtterance: Sendable {
  /// The frames of every phoneme.
  public let durations: [Int]
  /// How many latent frames the utterance has.
  public let frameCount: Int
  let latent: [Float]
  let speaker: Int
  private var position = 0

  /// Frames decoded at once: the first time, after that, and the most that are not worth splitting.
  static let windows = (first: 64, later: 256, whole: 256)

  init(latent: [Float], frameCount: Int, speaker: Int, durations: [Int]) {
    self.latent = latent
    self.frameCount = frameCount
    self.speaker = speaker
    self.durations = durations
  }

  /// The frames to decode, and those of them whose samples are new and final.
  mutating func nextWindow(context: Int) -> (input: Range<Int>, output: Range<Int>)? {
    guard position < frameCount else { return nil }
    let start = max(0, position - context)
    let size = position == 0 && frameCount > Self.windows.whole ? Self.windows.first : Self.windows.later
    var end = min(start + max(size, 4 * context), frameCount)
    // A short rest is cheaper now than with a context of its own.
    if position > 0, frameCount - end < Self.windows.whole { end = frameCount }
    let output = position..<(end == frameCount ? end : end - context)
    position = output.upperBound
    return (start..<end, output)
  }
}
