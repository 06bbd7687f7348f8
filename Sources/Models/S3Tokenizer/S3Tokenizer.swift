package import Tensor

/// Speech → speech tokens, 25 a second: what T3 and S3Gen know a voice's words by.
///
/// Source: Du et al., "CosyVoice 2", 2024; `S3TokenizerV2` in s3tokenizer's `model_v2.py`, and the
/// reference's `s3tokenizer.py`, which does not pad its audio to whole tokens either.
///
/// Not `Sendable`: it belongs to one owner, who calls it from one thread at a time.
package final class S3Tokenizer {
  /// Samples a second that it reads.
  package static let sampleRate = 16_000
  /// Tokens a second.
  package static let tokenRate = 25
  /// Every token is less than this.
  package static let vocabulary = 6561

  private let backend: Backend
  private let weights: Weights
  private let mel: TokenizerMel
  private let encoder: S3TokenizerEncoder
  private let codebook: Linear
  private var graphs = GraphCache<Int>(capacity: 2)

  /// Loads the tokenizer of a checkpoint onto a device.
  ///
  /// - Parameters:
  ///   - checkpoint: `s3gen` or `s3gen_meanflow`, under whose key `tokenizer` it lies.
  ///   - backend: where it runs.
  /// - Throws: ``TensorError`` when a tensor is missing, has a wrong shape, or does not fit the device.
  package init(_ checkpoint: Checkpoint, on backend: Backend) throws(TensorError) {
    let counter = CheckpointReader(checkpoint, into: Weights(on: backend, capacity: 0))["tokenizer"]
    let blocks = counter["encoder"]["blocks"].count(of: "attn.query.weight")
    self.backend = backend
    weights = Weights(on: backend, capacity: 8 + S3TokenizerBlock.tensors * blocks)
    let reader = CheckpointReader(checkpoint, into: weights)["tokenizer"]
    encoder = try S3TokenizerEncoder(reader["encoder"], blocks: blocks)
    codebook = try reader["quantizer"]["_codebook"]["project_down"].linear(
      from: encoder.channels, to: FiniteScalarCode.digits)
    try weights.upload()
    mel = try TokenizerMel(on: backend)
  }

  /// The tokens of `samples` at 16 kHz: one for every 40 ms, rounded up, of whole 10 ms.
  ///
  /// - Parameters:
  ///   - samples: mono audio; less than 10 ms has no tokens.
  ///   - limit: the most tokens; `nil` for all.
  /// - Throws: ``TensorError/deviceFailed(device:doing:)``.
  package func tokens(of samples: [Float], limit: Int? = nil) throws(TensorError) -> [Int32] {
    let channels = TokenizerMel.channels
    let frames = try mel.frames(of: samples)
    // Only now, since all of the audio has a say in how loud the spectrum is.
    var count = frames.count / channels
    if let limit, limit < SpeechWindow.tokens(frames: count) {
      count = max(0, limit) * SpeechWindow.framesPerToken
    }
    var tokens: [Int32] = []
    for window in SpeechWindow.windows(frames: count) {
      let range = window.frames.lowerBound * channels..<window.frames.upperBound * channels
      tokens += window.kept(of: try encode(Array(frames[range])))
    }
    return tokens
  }

  /// The bytes that the weights take on the device.
  package var weightBytes: Int { weights.byteCount }

  private func encode(_ frames: [Float]) throws(TensorError) -> [Int32] {
    let count = frames.count / TokenizerMel.channels
    let graph = try graphs.graph(for: count) { () throws(TensorError) -> Graph in
      try Graph(on: backend) { builder in
        let hidden = encoder(builder.input("mel", [TokenizerMel.channels, count]), in: builder)
        builder.output("code", hidden.linear(codebook).tanh())
      }
    }
    graph.set("mel", frames)
    encoder.place(graph, tokens: SpeechWindow.tokens(frames: count))
    try graph.compute()
    return FiniteScalarCode.tokens(graph.floats("code"))
  }
}
