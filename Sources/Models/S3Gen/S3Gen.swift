package import Tensor

/// S3Gen's first half: speech tokens → mel, in the voice of a reference.
///
/// An encoder makes two frames of every token, of the reference's and the text's alike; a flow leads noise to
/// their mel, while the reference's part of it is known.
///
/// Source: Du et al., "CosyVoice 2", 2024; `CausalMaskedDiffWithXvec` in the reference's `flow.py`.
///
/// Not `Sendable`: it belongs to one owner, who calls it from one thread at a time.
package final class S3Gen {
  /// Whether the flow is a mean flow, which is distilled to a few steps without guidance.
  package let isMeanFlow: Bool
  /// Values in a row of a mel.
  package let melChannels: Int

  private let backend: Backend
  private let weights: Weights
  private let tokenTable: Tensor
  private let vocabulary: Int
  private let speakerProjection: Linear
  private let encoder: UpsampleConformerEncoder
  private let projection: Linear
  private let decoder: FlowDecoder

  // Sentences have lengths of their own, so only a few of their graphs are worth their memory.
  private var encoderGraphs = GraphCache<Int>(capacity: 2)
  private var positions: EncoderPositions
  private var stepGraphs = GraphCache<Int>(capacity: 2)

  /// Loads a model onto a device.
  ///
  /// - Parameters:
  ///   - checkpoint: `s3gen`, `s3gen_meanflow` or another of their kinds.
  ///   - backend: where it runs.
  /// - Throws: ``TensorError`` when a tensor is missing, has a wrong shape, or does not fit the device.
  package init(_ checkpoint: Checkpoint, on backend: Backend) throws(TensorError) {
    self.backend = backend
    let count = checkpoint.keys.count { $0.hasPrefix("flow.") }
    weights = Weights(on: backend, capacity: count + 64)
    let reader = CheckpointReader(checkpoint, into: weights)["flow"]
    tokenTable = try reader["input_embedding"].embedding()
    vocabulary = tokenTable.size(1)
    speakerProjection = try reader["spk_embed_affine_layer"].linear()
    encoder = try UpsampleConformerEncoder(reader["encoder"], inputs: tokenTable.size(0))
    melChannels = speakerProjection.outputs
    projection = try reader["encoder_proj"].linear(from: encoder.channels, to: melChannels)
    decoder = try FlowDecoder(reader["decoder"]["estimator"], melChannels: melChannels)
    isMeanFlow = decoder.time.isMeanFlow
    try weights.upload()
    positions = try EncoderPositions(encoder, length: 1, on: backend)
  }

  /// The bytes that the weights take on the device.
  package var weightBytes: Int { weights.byteCount }

  /// The mel of speech tokens.
  ///
  /// - Parameters:
  ///   - tokens: at least one; none is a start or stop token.
  ///   - voice: whose recording the tokens follow on.
  ///   - noise: what the flow starts from.
  ///   - steps: of the flow; the reference's 10, or 2 of a mean flow, by default.
  ///   - betweenSteps: called before each step; what it throws ends the work.
  /// - Returns: two rows of ``melChannels`` for each token; the voice's own are left out.
  /// - Throws: ``S3GenError``, or what `betweenSteps` throws.
  package func mel(
    of tokens: [Int32], voice: S3GenReference, noise: S3GenNoise, steps: Int? = nil,
    betweenSteps: () throws -> Void = {}
  ) throws -> [Float] {
    var flow = try flow(of: tokens, voice: voice, noise: noise, steps: steps)
    while !flow.isDone {
      try betweenSteps()
      try advance(&flow)
    }
    return flow.frames
  }

  /// Starts the mel of speech tokens: runs the encoder.
  ///
  /// - Parameters:
  ///   - tokens: at least one; none is a start or stop token.
  ///   - voice: whose recording the tokens follow on.
  ///   - noise: what the flow starts from.
  ///   - steps: of the flow; the reference's 10, or 2 of a mean flow, by default.
  ///   - isWhole: `false` when tokens follow: the last ``lookaheadTokens`` then only tell the others what
  ///     comes, and make no frames.
  /// - Throws: ``S3GenError``.
  package func flow(
    of tokens: [Int32], voice: S3GenReference, noise: S3GenNoise, steps: Int? = nil, isWhole: Bool = true
  ) throws(S3GenError) -> S3GenFlow {
    let steps = steps ?? (isMeanFlow ? 2 : 10)
    guard steps > 0 else { throw S3GenError.badSteps(steps) }
    var encoded = try encode(tokens, voice: voice)
    if !isWhole {
      let held = min(tokens.count, Self.lookaheadTokens)
      encoded.frames.removeLast(UpsampleConformerEncoder.frames * held * melChannels)
    }
    return S3GenFlow(
      mel: try start(noise, count: encoded.frames.count),
      condition: FlowCondition(encoded, promptMel: voice.promptMel), promptValues: voice.promptMel.count,
      steps: FlowSchedule(steps: steps, isMeanFlow: isMeanFlow).steps[...])
  }

  /// Takes the next step of a flow.
  ///
  /// - Throws: ``S3GenError/device(_:)``.
  package func advance(_ flow: inout S3GenFlow) throws(S3GenError) {
    guard let (start, end) = flow.steps.popFirst() else { return }
    let velocity = try velocity(of: flow.mel, flow.condition, start: start, end: end)
    for index in flow.mel.indices { flow.mel[index] += (end - start) * velocity[index] }
  }

  /// How many tokens ahead the encoder looks.
  package static let lookaheadTokens = UpsampleConformerEncoder.lookahead

  private func start(_ noise: S3GenNoise, count: Int) throws(S3GenError) -> [Float] {
    switch noise {
    case .seed(let seed):
      // Frame by frame, so that a frame's noise is the same however many follow.
      var noise = GaussianNoise(seed: seed)
      return noise.next(count)
    case .values(let values):
      guard values.count == count else { throw .badNoise(values: values.count, expected: count) }
      return values
    }
  }
}

// The encoder.
extension S3Gen {
  /// What the encoder makes of tokens and a voice.
  package struct Encoded {
    /// Rows of ``S3Gen/melChannels``, two for each token of the prompt and the text.
    package fileprivate(set) var frames: [Float]
    /// The voice, a row as well.
    package let speaker: [Float]
  }

  /// Runs the encoder over the voice's prompt and the tokens.
  package func encode(_ tokens: [Int32], voice: S3GenReference) throws(S3GenError) -> Encoded {
    try check(voice)
    try check(tokens)
    guard !tokens.isEmpty else { throw .noTokens }
    let all = voice.promptTokens + tokens
    do throws(TensorError) {
      let positions = try positions(for: all.count)
      let graph = try encoderGraphs.graph(for: all.count) { () throws(TensorError) in
        try encoderGraph(length: all.count, positions)
      }
      graph.set("tokens", all)
      graph.set("speaker", normalized(voice.speakerEmbedding))
      try graph.compute()
      return Encoded(frames: graph.floats("frames"), speaker: graph.floats("voice"))
    } catch {
      throw .device(error)
    }
  }

  private func encoderGraph(length: Int, _ positions: EncoderPositions) throws(TensorError) -> Graph {
    try Graph(on: backend) { builder in
      let tokens = builder.input("tokens", [length], type: .int32)
      let encoded = encoder(
        tokens.rows(of: tokenTable), projectedPositions: positions.projected(length: length, in: builder))
      builder.output("frames", encoded.linear(projection))
      let speaker = builder.input("speaker", [speakerProjection.inputs, 1])
      builder.output("voice", speaker.linear(speakerProjection))
    }
  }

  private func positions(for length: Int) throws(TensorError) -> EncoderPositions {
    if positions.length < length {
      // Graphs that read what is thrown away here are, too.
      encoderGraphs = GraphCache(capacity: 2)
      positions = try EncoderPositions(encoder, length: length, on: backend)
    }
    return positions
  }

  private func normalized(_ embedding: [Float]) -> [Float] {
    let length = embedding.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return embedding.map { $0 / max(length, 1e-12) }
  }

  private func check(_ tokens: [Int32]) throws(S3GenError) {
    if let stranger = tokens.first(where: { $0 < 0 || $0 >= vocabulary }) {
      throw .unknownToken(stranger, vocabulary: vocabulary)
    }
  }

  private func check(_ voice: S3GenReference) throws(S3GenError) {
    try check(voice.promptTokens)
    // A recording seldom ends with a whole token: its mel may be a little longer or shorter.
    let (mel, prompt) = (voice.promptMel, voice.promptTokens.count)
    let (rows, remainder) = mel.count.quotientAndRemainder(dividingBy: melChannels)
    let isWhole = remainder == 0 && abs(rows - UpsampleConformerEncoder.frames * prompt) < 2
    guard isWhole, mel.allSatisfy(\.isFinite) else {
      throw .badPromptMel(values: mel.count, tokens: prompt, channels: melChannels)
    }
    let (embedding, expected) = (voice.speakerEmbedding, speakerProjection.inputs)
    guard embedding.count == expected, embedding.allSatisfy(\.isFinite) else {
      throw .badSpeakerEmbedding(elements: embedding.count, expected: expected)
    }
  }
}

// The flow.
extension S3Gen {
  /// The velocity of a step, guided away from the one without a voice unless the flow has learned that.
  private func velocity(
    of mel: [Float], _ condition: FlowCondition, start: Float, end: Float
  ) throws(S3GenError) -> [Float] {
    do throws(TensorError) {
      let length = mel.count / melChannels
      let graph = try stepGraphs.graph(for: length) { () throws(TensorError) in
        try stepGraph(length: length)
      }
      let run = { (condition: FlowCondition) throws(TensorError) -> [Float] in
        graph.set("mel", mel)
        graph.set("frames", condition.frames)
        graph.set("voice", condition.speaker)
        graph.set("prompt", condition.prompt)
        graph.set("start", self.decoder.time.embedding(start))
        if self.isMeanFlow { graph.set("end", self.decoder.time.embedding(end)) }
        try graph.compute()
        return graph.floats("velocity")
      }
      let guided = try run(condition)
      guard !isMeanFlow else { return guided }
      let unguided = try run(condition.withoutVoice)
      return zip(guided, unguided).map { $0 + FlowSchedule.guidance * ($0 - $1) }
    } catch {
      throw .device(error)
    }
  }

  private func stepGraph(length: Int) throws(TensorError) -> Graph {
    try Graph(on: backend) { builder in
      let row = [melChannels, length]
      let mel = builder.input("mel", row)
      let input = mel.concatenated(builder.input("frames", row), along: 0)
        .concatenated(builder.input("voice", [melChannels, 1]).repeated(like: mel), along: 0)
        .concatenated(builder.input("prompt", row), along: 0)
      let start = builder.input("start", [decoder.time.inputs, 1])
      let end = isMeanFlow ? builder.input("end", [decoder.time.inputs, 1]) : nil
      builder.output("velocity", decoder(input, start: start, end: end))
    }
  }
}
