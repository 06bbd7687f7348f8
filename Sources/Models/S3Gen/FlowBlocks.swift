internal import Tensor

/// A causal convolution, a norm and Mish: [I, T] → [O, T].
///
/// Source: `CausalBlock1D` in the reference's `decoder.py`.
struct CausalBlock {
  private let convolution: CausalConvolution
  private let norm: LayerNormalization

  init(_ reader: CheckpointReader, from inputs: Int, to outputs: Int) throws(TensorError) {
    convolution = try CausalConvolution(reader["block"][0], from: inputs, to: outputs, taps: 3)
    norm = try reader["block"][2].layerNorm(outputs)
  }

  /// - Parameter time: added to every row in the end.
  func callAsFunction(_ input: Tensor, adding time: Tensor? = nil) -> Tensor {
    norm(convolution(input), activation: .mish, adding: time)
  }
}

/// Two causal blocks, the time between them, and a way around: [I, T] → [O, T].
///
/// Source: `CausalResnetBlock1D` in the reference's `decoder.py`.
struct FlowResidualBlock {
  private let time: Linear
  private let first: CausalBlock
  private let second: CausalBlock
  private let shortcut: Convolution

  init(
    _ reader: CheckpointReader, from inputs: Int, to outputs: Int, timeChannels: Int
  ) throws(TensorError) {
    time = try reader["mlp"][1].linear(from: timeChannels, to: outputs)
    first = try CausalBlock(reader["block1"], from: inputs, to: outputs)
    second = try CausalBlock(reader["block2"], from: outputs, to: outputs)
    shortcut = try reader["res_conv"].convolution(from: inputs, to: outputs, taps: 1)
  }

  /// - Parameter activatedTime: the time after Mish, [time channels, 1].
  func callAsFunction(_ input: Tensor, activatedTime: Tensor) -> Tensor {
    input.convolved(shortcut, adding: second(first(input, adding: activatedTime.linear(time))))
  }
}

/// Attention over all frames and a feed-forward net, normalised first: [C, T] → [C, T].
///
/// Source: `BasicTransformerBlock` in the reference's `matcha/transformer.py`, with diffusers' `Attention`.
struct FlowTransformerBlock {
  private static let headChannels = 64
  private let attentionNorm: RowNorm
  /// Queries, keys and values.
  private let joined: Linear
  private let heads: Int
  private let rest: AttendedBlock

  init(_ reader: CheckpointReader, channels: Int) throws(TensorError) {
    attentionNorm = try reader["norm1"].layerNorm(channels).rows()
    let attention = reader["attn1"]
    let width = try attention["to_q"].shape("weight").first ?? 0
    guard width > 0, width.isMultiple(of: Self.headChannels) else {
      throw reader.unsupported("'\(attention["to_q"].key("weight"))' has \(width) rows")
    }
    heads = width / Self.headChannels
    joined = try attention.joinedLinear(["to_q", "to_k", "to_v"], from: channels, to: width)
    let net = reader["ff"]["net"]
    let hidden = try net[0]["proj"].shape("weight").first ?? 0
    rest = AttendedBlock(
      output: try attention["to_out"][0].linear(from: width, to: channels),
      norm: try reader["norm3"].layerNorm(channels).rows(),
      up: try net[0]["proj"].linear(from: channels, to: hidden), activation: .gelu,
      down: try net[2].linear(from: hidden, to: channels))
  }

  static func list(_ reader: CheckpointReader, channels: Int) throws(TensorError) -> [FlowTransformerBlock] {
    var blocks: [FlowTransformerBlock] = []
    for index in 0..<reader.elementCount() {
      blocks.append(try FlowTransformerBlock(reader[index], channels: channels))
    }
    return blocks
  }

  func callAsFunction(_ input: Tensor) -> Tensor {
    input.attended(input.linear(joined, after: attentionNorm).joinedAttention(heads: heads), rest)
  }
}
