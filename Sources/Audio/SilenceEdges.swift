/// Takes the silence off both ends of speech that arrives piece by piece.
///
/// Silence inside passes once speech follows it; silence at the end never does. Only a margin stays, since
/// soft consonants start below the threshold and voices die away below it.
package struct SilenceEdges: Sendable {
  private let threshold: Float
  private let leading: Int
  private let trailing: Int
  private var hasBegun = false
  /// Silence that may be the end: at first what came before the speech, at most `leading` of it.
  private var held: [Float] = []
  /// How much of the margin after the last audible sample is still to come.
  private var margin = 0

  /// Creates a trimmer that keeps 10 ms before the first audible sample and 30 ms after the last.
  ///
  /// - Parameters:
  ///   - sampleRate: In Hz.
  ///   - threshold: The magnitude that counts as audible; full scale is 1.
  package init(sampleRate: Int, threshold: Float = AudioJoin.silenceThreshold) {
    self.threshold = threshold
    leading = sampleRate / 100
    trailing = sampleRate * 3 / 100
  }

  /// The samples that are certain to stay.
  package mutating func process(_ samples: [Float]) -> [Float] {
    guard let last = samples.lastIndex(where: { abs($0) >= threshold }) else {
      let kept = samples.prefix(margin)
      margin -= kept.count
      held += samples.dropFirst(kept.count)
      if !hasBegun { held.removeFirst(max(0, held.count - leading)) }
      return Array(kept)
    }
    // The margin after the last audible sample stays whether or not more speech follows.
    let end = min(samples.count, last + 1 + trailing)
    margin = trailing - (end - last - 1)
    var kept = held
    if hasBegun {
      kept += samples[..<end]
    } else {
      let first = samples.firstIndex { abs($0) >= threshold } ?? 0
      kept += samples[..<end]
      kept.removeFirst(max(0, held.count + first - leading))
      hasBegun = true
    }
    held = Array(samples[end...])
    return kept
  }
}
