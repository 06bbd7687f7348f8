internal import Foundation
internal import Tensor

/// Multi-head self-attention that scores a key by what it is and by how far it is from the query.
///
/// Source: Dai et al., "Transformer-XL", 2019, section 3.3; `RelPositionMultiHeadedAttention` in the
/// reference's `transformer/attention.py`.
struct RelativePositionAttention {
  /// Queries, keys and values.
  private let joined: Linear
  private let position: Linear
  /// What every query adds when it scores contents, [C].
  private let contentBias: Tensor
  /// What every query adds when it scores distances, [C].
  private let positionBias: Tensor
  private let heads: Int

  init(_ reader: CheckpointReader, channels: Int) throws(TensorError) {
    let shape = try reader.shape("pos_bias_u")
    guard shape.count == 2, shape[0] > 0, shape[1] > 0, shape[0] * shape[1] == channels else {
      throw reader.unsupported("'\(reader.key("pos_bias_u"))' has the shape \(shape)")
    }
    heads = shape[0]
    contentBias = try Self.bias(reader, "pos_bias_u", shape)
    positionBias = try Self.bias(reader, "pos_bias_v", shape)
    joined = try reader.joinedLinear(["linear_q", "linear_k", "linear_v"], from: channels, to: channels)
    position = try reader["linear_pos"].linear(from: channels, to: channels)
  }

  /// A bias [heads, D] as it adds to whole rows.
  private static func bias(
    _ reader: CheckpointReader, _ parameter: String, _ shape: [Int]
  ) throws(TensorError) -> Tensor {
    let values = try reader.host(parameter, shape).values
    return reader.weights.add(reader.key(parameter), shape: [values.count], values)
  }

  /// What distances are to this layer: rows of ``positions(length:channels:)`` → as many.
  func projected(_ positions: Tensor) -> Tensor { positions.linear(position) }

  /// The heads' rows: [C, T], to be normalised, and the projected positions [C, 2·T − 1] → [C, T].
  func callAsFunction(_ input: Tensor, after norm: RowNorm, projectedPositions: Tensor) -> Tensor {
    input.linear(joined, after: norm).joinedAttention(
      heads: heads,
      distances: AttentionDistances(
        positions: projectedPositions, contentBias: contentBias, positionBias: positionBias))
  }

  /// Sines and cosines of the distances T − 1 … 1 − T, in rows of `channels`.
  ///
  /// Source: `EspnetRelPositionalEncoding` in the reference's `transformer/embedding.py`.
  static func positions(length: Int, channels: Int) -> [Float] {
    let frequencies = (0..<channels / 2).map { expf(Float(2 * $0) * -logf(10_000) / Float(channels)) }
    var rows: [Float] = []
    rows.reserveCapacity((2 * length - 1) * channels)
    for distance in stride(from: length - 1, through: 1 - length, by: -1) {
      for frequency in frequencies {
        rows.append(sinf(Float(distance) * frequency))
        rows.append(cosf(Float(distance) * frequency))
      }
    }
    return rows
  }
}
