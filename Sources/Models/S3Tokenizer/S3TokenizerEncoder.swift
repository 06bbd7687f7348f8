internal import Tensor

/// Mel frames → hidden rows, one a token.
///
/// Source: `AudioEncoderV2` in s3tokenizer's `model_v2.py`.
struct S3TokenizerEncoder {
  /// Elements of a hidden row.
  let channels: Int
  private let first: Convolution
  private let second: Convolution
  private let blocks: [S3TokenizerBlock]

  init(_ reader: CheckpointReader, blocks count: Int) throws(TensorError) {
    channels = try reader["conv1"].outputs()
    guard channels.isMultiple(of: S3TokenizerAttention.headChannels) else {
      throw reader.unsupported("its tokenizer's rows of \(channels) elements do not divide into heads of 64")
    }
    guard count > 0 else {
      throw .missingTensor(file: reader.file.name, key: reader["blocks"][0].key("attn.query.weight"))
    }
    let halving = ConvolutionOptions(stride: 2, padding: 1)
    first = try reader["conv1"].convolution(from: TokenizerMel.channels, to: channels, taps: 3, halving)
    second = try reader["conv2"].convolution(from: channels, to: channels, taps: 3, halving)
    var blocks: [S3TokenizerBlock] = []
    for index in 0..<count {
      blocks.append(try S3TokenizerBlock(reader["blocks"][index], channels: channels))
    }
    self.blocks = blocks
  }

  /// Frames [128, T] → [C, tokens].
  func callAsFunction(_ frames: Tensor, in builder: GraphBuilder) -> Tensor {
    var hidden = frames.convolved(first).gelu().convolved(second).gelu()
    let positions = builder.input("positions", [hidden.size(1)], type: .int32)
    for block in blocks { hidden = block(hidden, positions) }
    return hidden
  }

  /// Sets a graph's inputs other than the frames.
  func place(_ graph: Graph, tokens: Int) { graph.set("positions", (0..<Int32(tokens)).map { $0 }) }
}

/// A layer: attention and a feed-forward net, each added to what came before.
struct S3TokenizerBlock {
  /// The most weights that a layer declares.
  static let tensors = 18 + S3TokenizerAttention.memoryTaps

  private let attentionNorm: LayerNormalization
  private let attention: S3TokenizerAttention
  private let feedForwardNorm: LayerNormalization
  private let up: Linear
  private let down: Linear

  init(_ reader: CheckpointReader, channels: Int) throws(TensorError) {
    attentionNorm = try reader["attn_ln"].layerNorm(channels)
    attention = try S3TokenizerAttention(reader["attn"], channels: channels)
    feedForwardNorm = try reader["mlp_ln"].layerNorm(channels)
    up = try reader["mlp"][0].linear(from: channels, to: 4 * channels)
    down = try reader["mlp"][2].linear(from: 4 * channels, to: channels)
  }

  func callAsFunction(_ input: Tensor, _ positions: Tensor) -> Tensor {
    let attended = input + attention(attentionNorm(input), positions)
    return attended + feedForwardNorm(attended).linear(up).gelu().linear(down)
  }
}
