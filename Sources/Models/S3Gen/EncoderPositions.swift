internal import Tensor

/// What distances are to each of the encoder's layers. No text changes it, so it is computed for the longest
/// text so far and stays on the device.
struct EncoderPositions {
  /// The most tokens that it serves.
  let length: Int
  private let state: State
  private let tokenLayers: Int

  /// Lengths are rounded up, to have to compute it seldom: 512 tokens are 20 s, half of it a voice's prompt.
  private static let granularity = 512

  init(_ encoder: UpsampleConformerEncoder, length: Int, on backend: Backend) throws(TensorError) {
    let length = (length + Self.granularity - 1) / Self.granularity * Self.granularity
    let (channels, counts) = (encoder.channels, encoder.layerCounts)
    let shapes = [[channels, 2 * length - 1], [channels, 2 * UpsampleConformerEncoder.frames * length - 1]]
    let state = try State(
      on: backend,
      shapes: [[Int]](repeating: shapes[0], count: counts.tokens)
        + [[Int]](repeating: shapes[1], count: counts.frames))
    let graph = try Graph(on: backend) { builder in
      let frames = builder.input("positions", shapes[1])
      // Tokens lie no farther apart than the frames in the middle.
      let tokens = frames.slice(1, length..<3 * length - 1)
      for (projected, kept) in zip(
        encoder.projectedPositions(tokens: tokens, frames: frames), state.tensors)
      {
        _ = builder.store(projected, in: kept)
      }
    }
    graph.set(
      "positions",
      RelativePositionAttention.positions(
        length: UpsampleConformerEncoder.frames * length, channels: channels))
    try graph.compute()
    (self.length, self.state, tokenLayers) = (length, state, counts.tokens)
  }

  /// Each layer's rows for a text of `length` tokens.
  func projected(length: Int, in builder: GraphBuilder) -> [Tensor] {
    state.tensors.enumerated().map { index, kept in
      let scale = index < tokenLayers ? 1 : UpsampleConformerEncoder.frames
      let (most, needed) = (scale * self.length, scale * length)
      return builder.use(kept).slice(1, most - needed..<most + needed - 1)
    }
  }
}
