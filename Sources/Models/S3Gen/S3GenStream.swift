/// The mel of a text whose tokens are still coming: what has come so far, and how much of it is spoken.
///
/// Frames are numbered from the start of the voice's prompt, two a token.
package struct S3GenStream {
  let voice: S3GenReference
  let steps: Int
  let pastTokens: Int
  private let channels: Int
  private var noise: StreamedNoise
  private var tokens: [Int32] = []
  /// The next frame to be spoken.
  private var position: Int
  private(set) var isEnded = false

  init(voice: S3GenReference, noise: S3GenNoise, steps: Int, pastTokens: Int, channels: Int) {
    self.voice = voice
    self.steps = steps
    self.pastTokens = max(0, pastTokens)
    self.channels = channels
    self.noise = StreamedNoise(noise)
    position = voice.promptMel.count / channels
  }

  private static let rate = UpsampleConformerEncoder.frames
  private var promptFrames: Int { Self.rate * voice.promptTokens.count }

  mutating func append(_ further: [Int32], isLast: Bool) {
    tokens += further
    isEnded = isLast
  }

  /// Tokens that are too long past to be seen again.
  private var forgotten: Int { max(0, (position - promptFrames) / Self.rate - pastTokens) }

  /// The text's tokens that a call sees.
  var visible: ArraySlice<Int32> { tokens.dropFirst(forgotten) }

  var hasTokens: Bool { !tokens.isEmpty }

  /// Frames of a call that are certain, those of the prompt included: what follows a token changes it.
  var certainFrames: Int {
    let held = isEnded ? 0 : UpsampleConformerEncoder.lookahead
    return Self.rate * (voice.promptTokens.count + visible.count - held)
  }

  /// The first frame that is not spoken yet, as a call numbers it.
  var firstFrame: Int { position - Self.rate * forgotten }

  /// The noise of a call's first `count` frames, each frame's the same in every call.
  mutating func noise(frames count: Int) throws(S3GenError) -> [Float] {
    let skipped = Self.rate * forgotten
    let all = try noise.first((count + skipped) * channels)
    return Array(all[..<(promptFrames * channels)] + all[((promptFrames + skipped) * channels)...])
  }

  mutating func advance(frames count: Int) { position += count }
}

/// The noise of frame after frame, whatever parts it is asked for in.
private struct StreamedNoise {
  private var values: [Float]
  private var generator: GaussianNoise?

  init(_ noise: S3GenNoise) {
    switch noise {
    case .seed(let seed): (values, generator) = ([], GaussianNoise(seed: seed))
    case .values(let values): (self.values, generator) = (values, nil)
    }
  }

  mutating func first(_ count: Int) throws(S3GenError) -> ArraySlice<Float> {
    if let further = generator?.next(max(0, count - values.count)) { values += further }
    guard values.count >= count else { throw .badNoise(values: values.count, expected: count) }
    return values[..<count]
  }
}

extension S3Gen {
  /// Begins the mel of a text whose tokens are still coming.
  ///
  /// - Parameters:
  ///   - voice: whose recording the tokens follow on.
  ///   - noise: what the flow starts from; values must suffice for all frames that will come.
  ///   - steps: of the flow; the reference's 10, or 2 of a mean flow, by default.
  ///   - pastTokens: how much of the text that has been spoken a call sees again, 25 tokens a second. It bounds
  ///     what a call costs in a long text.
  /// - Throws: ``S3GenError``.
  package func stream(
    voice: S3GenReference, noise: S3GenNoise, steps: Int? = nil, pastTokens: Int = 250
  ) throws(S3GenError) -> S3GenStream {
    let steps = steps ?? (isMeanFlow ? 2 : 10)
    guard steps > 0 else { throw .badSteps(steps) }
    try check(voice)
    return S3GenStream(
      voice: voice, noise: noise, steps: steps, pastTokens: pastTokens, channels: melChannels)
  }

  /// The frames that further tokens make certain; frames once returned are final.
  ///
  /// Every call runs over the prompt and the text so far, since everything attends to everything, and returns
  /// what follows the frames returned before. The last three tokens are held back until more follow, as the
  /// encoder looks that far ahead: a call with too few tokens returns nothing, at no cost. All tokens in a
  /// single call make exactly ``mel(of:voice:noise:steps:betweenSteps:)``.
  ///
  /// Source: `finalize` of `CausalMaskedDiffWithXvec.inference` in the reference's `flow.py`.
  ///
  /// - Parameters:
  ///   - tokens: what follows the tokens of the calls before; none is a start or stop token.
  ///   - isLast: whether the text ends with them: nothing is held back, and no call may follow.
  ///   - betweenSteps: called before each step; what it throws ends the work, and the stream with it.
  /// - Returns: rows of ``melChannels``, the voice's own left out.
  /// - Throws: ``S3GenError``, or what `betweenSteps` throws.
  package func next(
    _ tokens: [Int32], isLast: Bool = false, _ stream: inout S3GenStream, betweenSteps: () throws -> Void = {}
  ) throws -> [Float] {
    guard !stream.isEnded else { throw S3GenError.streamEnded }
    try check(tokens)
    stream.append(tokens, isLast: isLast)
    guard stream.hasTokens || !isLast else { throw S3GenError.noTokens }
    let (first, certain) = (stream.firstFrame, stream.certainFrames)
    guard certain > first else { return [] }
    let mel = try mel(of: &stream, betweenSteps)
    stream.advance(frames: certain - first)
    return Array(mel[(first * melChannels)...])
  }

  private func mel(of stream: inout S3GenStream, _ betweenSteps: () throws -> Void) throws -> [Float] {
    var encoded = try encode(Array(stream.visible), voice: stream.voice)
    encoded.frames.removeLast(encoded.frames.count - stream.certainFrames * melChannels)
    var mel = try stream.noise(frames: encoded.frames.count / melChannels)
    let condition = FlowCondition(encoded, promptMel: stream.voice.promptMel)
    for (start, end) in FlowSchedule(steps: stream.steps, isMeanFlow: isMeanFlow).steps {
      try betweenSteps()
      let velocity = try velocity(of: mel, condition, start: start, end: end)
      for index in mel.indices { mel[index] += (end - start) * velocity[index] }
    }
    return mel
  }
}
