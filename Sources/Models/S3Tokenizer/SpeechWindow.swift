/// A stretch of a long recording that is turned into tokens at once, and which of its tokens are kept.
///
/// Source: `S3TokenizerV2._quantize_mixed_batch` and `merge_tokenized_segments` of s3tokenizer. As there, the
/// last window may be shorter than the margin that is cut off it, and then a second or so of tokens is lost.
struct SpeechWindow: Hashable {
  static let framesPerToken = 4
  private static let longest = 3000
  private static let overlap = 400

  let frames: Range<Int>
  let isFirst: Bool
  let isLast: Bool

  /// How many tokens a window of so many frames has.
  static func tokens(frames: Int) -> Int { (frames + framesPerToken - 1) / framesPerToken }

  /// The windows of a recording: one up to 30 s, else one every 26 s.
  static func windows(frames: Int) -> [SpeechWindow] {
    guard frames > 0 else { return [] }
    guard frames > longest else { return [SpeechWindow(frames: 0..<frames, isFirst: true, isLast: true)] }
    let step = longest - overlap
    return stride(from: 0, to: frames, by: step).map { start in
      SpeechWindow(
        frames: start..<min(start + longest, frames), isFirst: start == 0, isLast: start + step >= frames)
    }
  }

  /// The window's tokens without half of what it shares with each of its neighbours.
  func kept(of tokens: [Int32]) -> ArraySlice<Int32> {
    let margin = Self.overlap / Self.framesPerToken / 2
    return tokens.dropFirst(isFirst ? 0 : margin).dropLast(isLast ? 0 : margin)
  }
}
