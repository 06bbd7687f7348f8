internal import Tensor

/// Speech tokens' embeddings → two frames a token, each of which knows the whole utterance.
///
/// Source: `UpsampleConformerEncoder` in the reference's `transformer/upsample_encoder.py`.
struct UpsampleConformerEncoder {
  /// Frames that come out for a row that goes in.
  static let frames = 2
  /// Rows after its own that a row depends on more than by attention.
  static let lookahead = 3
  private let embedding: LinearEmbedding
  private let lookahead: PreLookahead
  private let layers: [ConformerLayer]
  private let upsampling: CausalConvolution
  private let upsampledEmbedding: LinearEmbedding
  private let upsampledLayers: [ConformerLayer]
  private let norm: LayerNormalization
  let channels: Int

  init(_ reader: CheckpointReader, inputs: Int) throws(TensorError) {
    embedding = try LinearEmbedding(reader["embed"]["out"], inputs: inputs)
    channels = embedding.channels
    let channels = channels
    guard channels.isMultiple(of: 2) else { throw reader.unsupported("its encoder is \(channels) wide") }
    lookahead = try PreLookahead(reader["pre_lookahead_layer"], channels: channels)
    layers = try ConformerLayer.list(reader["encoders"], channels: channels)
    upsampling = try CausalConvolution(
      reader["up_layer"]["conv"], from: channels, to: channels, taps: 2 * Self.frames + 1)
    upsampledEmbedding = try LinearEmbedding(reader["up_embed"]["out"], inputs: channels)
    guard upsampledEmbedding.channels == channels else {
      throw reader.unsupported("its encoder changes its width from \(channels)")
    }
    upsampledLayers = try ConformerLayer.list(reader["up_encoders"], channels: channels)
    norm = try reader["after_norm"].layerNorm(channels)
  }

  /// Layers that see tokens, and after them layers that see frames.
  var layerCounts: (tokens: Int, frames: Int) { (layers.count, upsampledLayers.count) }

  /// What distances are to each layer, from the rows of ``RelativePositionAttention/positions(length:channels:)``
  /// for tokens and for frames.
  func projectedPositions(tokens: Tensor, frames: Tensor) -> [Tensor] {
    layers.map { $0.projected(tokens) } + upsampledLayers.map { $0.projected(frames) }
  }

  /// [I, T] and each layer's projected positions, [C, 2·T − 1] or [C, 4·T − 1] → [C, 2·T].
  func callAsFunction(_ input: Tensor, projectedPositions: [Tensor]) -> Tensor {
    var hidden = lookahead(embedding(input))
    for (layer, positions) in zip(layers, projectedPositions) { hidden = layer(hidden, positions) }
    hidden = upsampledEmbedding(upsampling(repeated(hidden)))
    for (layer, positions) in zip(upsampledLayers, projectedPositions.dropFirst(layers.count)) {
      hidden = layer(hidden, positions)
    }
    return norm(hidden)
  }

  /// Every row twice: [C, T] → [C, 2·T].
  private func repeated(_ input: Tensor) -> Tensor {
    let rows = input.reshaped([channels, 1, input.size(1)])
    return rows.concatenated(rows, along: 1).reshaped([channels, Self.frames * input.size(1)])
  }
}

/// A linear layer and a norm, scaled as sinusoidal positions expect: [I, T] → [C, T].
///
/// Source: `LinearNoSubsampling` in the reference's `transformer/subsampling.py`.
private struct LinearEmbedding {
  private let linear: Linear
  private let norm: LayerNormalization
  var channels: Int { linear.outputs }

  init(_ reader: CheckpointReader, inputs: Int) throws(TensorError) {
    linear = try reader[0].linear()
    guard linear.inputs == inputs else {
      throw reader.unsupported("'\(reader[0].key("weight"))' takes \(linear.inputs) elements, not \(inputs)")
    }
    norm = try reader[1].layerNorm(linear.outputs)
  }

  func callAsFunction(_ input: Tensor) -> Tensor {
    norm(input.linear(linear)) * Float(channels).squareRoot()
  }
}

/// What the next three tokens say about this one, added to it.
///
/// Source: `PreLookaheadLayer` in the reference's `transformer/upsample_encoder.py`.
private struct PreLookahead {
  private let ahead: LookaheadConvolution
  private let behind: CausalConvolution

  init(_ reader: CheckpointReader, channels: Int) throws(TensorError) {
    ahead = try LookaheadConvolution(
      reader["conv1"], from: channels, to: channels, taps: UpsampleConformerEncoder.lookahead + 1)
    behind = try CausalConvolution(reader["conv2"], from: channels, to: channels, taps: 3)
  }

  func callAsFunction(_ input: Tensor) -> Tensor { behind(ahead(input), slope: 0.01) + input }
}

/// A conformer's layer without convolution: attention and a feed-forward net, normalised first.
///
/// Source: `ConformerEncoderLayer` in the reference's `transformer/encoder_layer.py`.
private struct ConformerLayer {
  private let attentionNorm: RowNorm
  private let attention: RelativePositionAttention
  private let rest: AttendedBlock

  init(_ reader: CheckpointReader, channels: Int) throws(TensorError) {
    attentionNorm = try reader["norm_mha"].layerNorm(channels).rows(epsilon: 1e-12)
    attention = try RelativePositionAttention(reader["self_attn"], channels: channels)
    let width = try reader["feed_forward"]["w_1"].shape("bias").first ?? 0
    rest = AttendedBlock(
      output: try reader["self_attn"]["linear_out"].linear(from: channels, to: channels),
      norm: try reader["norm_ff"].layerNorm(channels).rows(epsilon: 1e-12),
      up: try reader["feed_forward"]["w_1"].linear(from: channels, to: width), activation: .silu,
      down: try reader["feed_forward"]["w_2"].linear(from: width, to: channels))
  }

  static func list(_ reader: CheckpointReader, channels: Int) throws(TensorError) -> [ConformerLayer] {
    var layers: [ConformerLayer] = []
    for index in 0..<reader.elementCount() {
      layers.append(try ConformerLayer(reader[index], channels: channels))
    }
    return layers
  }

  func projected(_ positions: Tensor) -> Tensor { attention.projected(positions) }

  func callAsFunction(_ input: Tensor, _ projectedPositions: Tensor) -> Tensor {
    input.attended(
      attention(input, after: attentionNorm, projectedPositions: projectedPositions), rest)
  }
}
