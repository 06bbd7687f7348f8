/// The mel of a text whose speech tokens are still coming.
///
/// The flow looks at everything at once, so every further piece runs it over the voice's prompt and the tokens
/// so far, with the same noise for the same frame, and keeps what follows the frames that have left. The last
/// tokens are held back: the encoder wants to know what comes after a token.
///
/// Source: `finalize` of `CausalMaskedDiffWithXvec.inference` in the reference's `flow.py`; Du et al.,
/// "CosyVoice 2", 2024, section 2.4.
package struct S3GenStream {
  /// The most tokens of the text's past that a piece looks at, besides the prompt: 10 s.
  package static let mostPastTokens = 250

  private let voice: S3GenReference
  private let steps: Int?
  private var source: GaussianNoise
  /// The noise of the prompt's frames and of those of ``tokens``.
  private var noise: [Float] = []
  /// Tokens that pieces to come look at.
  private var tokens: [Int32] = []
  /// Frames of these that have left.
  private var returned = 0

  /// - Parameters:
  ///   - voice: whose recording the tokens follow on.
  ///   - seed: of the noise; equal seeds and equal pieces give equal frames.
  ///   - steps: of the flow; the model's own by default.
  package init(voice: S3GenReference, seed: UInt64, steps: Int? = nil) {
    (self.voice, self.steps) = (voice, steps)
    source = GaussianNoise(seed: seed)
  }

  /// Adds tokens and starts the flow of the frames that they make certain; `nil` when there are none yet.
  ///
  /// - Parameters:
  ///   - newTokens: none is a start or stop token.
  ///   - isLast: whether no tokens follow; then nothing is held back.
  ///   - network: the model.
  /// - Throws: ``S3GenError``.
  package mutating func flow(
    adding newTokens: [Int32], isLast: Bool, by network: S3Gen
  ) throws(S3GenError) -> S3GenFlow? {
    tokens += newTokens
    let certain = isLast ? tokens.count : tokens.count - S3Gen.lookaheadTokens
    guard certain * UpsampleConformerEncoder.frames > returned else { return nil }
    let frames =
      UpsampleConformerEncoder.frames * (voice.promptTokens.count + (isLast ? tokens.count : certain))
    noise += source.next(max(0, frames * network.melChannels - noise.count))
    return try network.flow(of: tokens, voice: voice, noise: .values(noise), steps: steps, isWhole: isLast)
  }

  /// The new frames of a flow that is done, rows of 80. They are final.
  package mutating func frames(of flow: S3GenFlow, channels: Int) -> [Float] {
    let frames = flow.frames
    let new = Array(frames[(returned * channels)...])
    returned = frames.count / channels
    forget(channels: channels)
    return new
  }

  /// Drops the past that is too long to be looked at again.
  private mutating func forget(channels: Int) {
    let surplus = returned / UpsampleConformerEncoder.frames - Self.mostPastTokens
    guard surplus > 0 else { return }
    tokens.removeFirst(surplus)
    let prompt = UpsampleConformerEncoder.frames * voice.promptTokens.count * channels
    noise.removeSubrange(prompt..<prompt + surplus * UpsampleConformerEncoder.frames * channels)
    returned -= surplus * UpsampleConformerEncoder.frames
  }
}
