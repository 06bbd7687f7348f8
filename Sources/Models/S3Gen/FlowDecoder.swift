internal import Tensor

/// The velocity of every frame of a noisy mel at a time of the flow.
///
/// Source: `ConditionalDecoder` in the reference's `decoder.py`, whose one level neither shrinks nor grows.
struct FlowDecoder {
  private let down: FlowStage
  private let downConvolution: CausalConvolution
  private let middle: [FlowStage]
  private let up: FlowStage
  private let upConvolution: CausalConvolution
  private let finalBlock: CausalBlock
  private let projection: Convolution
  let time: FlowTime

  /// - Parameter melChannels: of each of the four inputs: the noisy mel, the encoder's, the speaker, the prompt.
  init(_ reader: CheckpointReader, melChannels: Int) throws(TensorError) {
    let (downReader, upReader) = (reader["down_blocks"], reader["up_blocks"])
    guard downReader.elementCount() == 1, upReader.elementCount() == 1 else {
      throw reader.unsupported("its flow has several levels")
    }
    let time = try FlowTime(reader, inputs: 4 * melChannels)
    let channels = try downReader[0][0]["res_conv"].shape("weight").first ?? 0
    let stage = { (reader: CheckpointReader, inputs: Int) throws(TensorError) in
      try FlowStage(reader, from: inputs, to: channels, timeChannels: time.channels)
    }
    down = try stage(downReader[0], 4 * melChannels)
    downConvolution = try CausalConvolution(downReader[0][2], from: channels, to: channels, taps: 3)
    var middle: [FlowStage] = []
    for index in 0..<reader["mid_blocks"].elementCount() {
      middle.append(try stage(reader["mid_blocks"][index], channels))
    }
    self.middle = middle
    up = try stage(upReader[0], 2 * channels)
    upConvolution = try CausalConvolution(upReader[0][2], from: channels, to: channels, taps: 3)
    finalBlock = try CausalBlock(reader["final_block"], from: channels, to: channels)
    projection = try reader["final_proj"].convolution(from: channels, to: melChannels, taps: 1)
    self.time = time
  }

  /// The four inputs one over another [4·M, T], and the time's embeddings → velocities [M, T].
  func callAsFunction(_ input: Tensor, start: Tensor, end: Tensor?) -> Tensor {
    let activatedTime = time(start, end: end).mish()
    let skipped = down(input, activatedTime: activatedTime)
    var hidden = downConvolution(skipped)
    for stage in middle { hidden = stage(hidden, activatedTime: activatedTime) }
    hidden = up(hidden.concatenated(skipped, along: 0), activatedTime: activatedTime)
    return finalBlock(upConvolution(hidden)).convolved(projection)
  }
}

/// A residual block, then transformer blocks: [I, T] → [O, T].
private struct FlowStage {
  private let residual: FlowResidualBlock
  private let transformers: [FlowTransformerBlock]

  init(
    _ reader: CheckpointReader, from inputs: Int, to outputs: Int, timeChannels: Int
  ) throws(TensorError) {
    residual = try FlowResidualBlock(reader[0], from: inputs, to: outputs, timeChannels: timeChannels)
    transformers = try FlowTransformerBlock.list(reader[1], channels: outputs)
  }

  func callAsFunction(_ input: Tensor, activatedTime: Tensor) -> Tensor {
    var hidden = residual(input, activatedTime: activatedTime)
    for block in transformers { hidden = block(hidden) }
    return hidden
  }
}
