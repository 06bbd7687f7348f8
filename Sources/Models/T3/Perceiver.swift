internal import Tensor

/// The perceiver resampler: prompt positions of any count → 32, by attention of learned queries.
///
/// Source: Jaegle et al., "Perceiver", 2021; `Perceiver` in the reference's `perceiver.py`, whose one
/// attention layer is used twice: the queries look at the prompt, then at themselves.
struct Perceiver {
  private static let heads = 4
  private let queries: Tensor
  private let norm: LayerNormalization
  private let query: Linear
  private let key: Linear
  private let value: Linear
  private let output: Linear
  /// Positions that come out.
  let count: Int

  init(_ reader: CheckpointReader, channels: Int) throws(TensorError) {
    let shape = try reader.shape("pre_attention_query")
    guard shape.count == 3, shape[0] == 1, shape[1] > 0, channels.isMultiple(of: Self.heads) else {
      throw reader.unsupported("'\(reader.key("pre_attention_query"))' has the shape \(shape)")
    }
    count = shape[1]
    queries = try reader.tensor("pre_attention_query", [1, count, channels])
    let attention = reader["attn"]
    norm = try attention["norm"].layerNorm(channels)
    query = try attention["to_q"].linear(from: channels, to: channels)
    key = try attention["to_k"].linear(from: channels, to: channels)
    value = try attention["to_v"].linear(from: channels, to: channels)
    output = try attention["proj_out"].linear(from: channels, to: channels)
  }

  /// Prompt [C, T] → [C, 32].
  func callAsFunction(_ prompt: Tensor, in builder: GraphBuilder) -> Tensor {
    let resampled = attend(builder.use(queries), to: prompt)
    return attend(resampled, to: resampled)
  }

  private func attend(_ queries: Tensor, to context: Tensor) -> Tensor {
    let (source, target) = (norm(context), norm(queries))
    let channels = queries.size(0)
    let split = { (rows: Tensor) in
      rows.reshaped([channels / Self.heads, Self.heads, rows.size(1)]).permuted([0, 2, 1])
    }
    let scores = split(target.linear(query)).matrixProduct(split(source.linear(key)))
    let weights = scores.softmax(scale: 1 / Float(channels / Self.heads).squareRoot())
    let values = split(source.linear(value)).permuted([1, 0, 2]).contiguous()
    let attended = weights.matrixProduct(values).permuted([0, 2, 1]).contiguous()
    return queries + attended.reshaped([channels, queries.size(1)]).linear(output)
  }
}
