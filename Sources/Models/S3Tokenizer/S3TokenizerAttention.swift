internal import Tensor

/// Attention with rotary positions, beside a memory: the values of the neighbourhood, weighed channel by channel.
///
/// Source: `FSMNMultiHeadAttention` in s3tokenizer's `model_v2.py`; Zhang et al., "Deep-FSMN for Large
/// Vocabulary Continuous Speech Recognition", 2018.
struct S3TokenizerAttention {
  static let headChannels = 64
  static let memoryTaps = 31

  private let query: Linear
  private let key: Linear
  private let value: Linear
  private let output: Linear
  private let memory: DepthwiseConvolution

  init(_ reader: CheckpointReader, channels: Int) throws(TensorError) {
    query = try reader["query"].linear(from: channels, to: channels)
    key = try reader["key"].linear(from: channels, to: channels)
    value = try reader["value"].linear(from: channels, to: channels)
    output = try reader["out"].linear(from: channels, to: channels)
    let memory = reader["fsmn_block"]
    var weight = try memory.host("weight", [channels, 1, Self.memoryTaps])
    // The values themselves are added to their memory: one more on the middle tap.
    for channel in 0..<channels { weight.values[channel * Self.memoryTaps + Self.memoryTaps / 2] += 1 }
    self.memory = reader.weights.depthwiseConvolution(
      memory.key("weight"), weight,
      bias: HostTensor(shape: [channels], values: [Float](repeating: 0, count: channels)), dilation: 1)
  }

  /// Rows [C, T] at integer positions [T] → [C, T].
  func callAsFunction(_ input: Tensor, _ positions: Tensor) -> Tensor {
    let (channels, rows) = (input.size(0), input.size(1))
    let shape = [Self.headChannels, channels / Self.headChannels, rows]
    let values = input.linear(value)
    let queries = input.linear(query).reshaped(shape).rotated(positions, base: 10_000)
    let keys = input.linear(key).reshaped(shape).rotated(positions, base: 10_000)
    let weights = queries.permuted([0, 2, 1]).matrixProduct(keys.permuted([0, 2, 1]))
      .softmax(scale: 1 / Float(Self.headChannels).squareRoot())
    let attended = weights.matrixProduct(values.reshaped(shape).permuted([1, 2, 0]).contiguous())
      .permuted([0, 2, 1]).contiguous().reshaped([channels, rows])
    return attended.linear(output) + values.convolved(memory)
  }
}
