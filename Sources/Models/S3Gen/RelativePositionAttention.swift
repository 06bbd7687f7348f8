internal import Foundation
internal import Tensor

/// Multi-head self-attention that scores a key by what it is and by how far it is from the query.
///
/// Source: Dai et al., "Transformer-XL", 2019, section 3.3; `RelPositionMultiHeadedAttention` in the
/// reference's `transformer/attention.py`.
struct RelativePositionAttention {
  private let query: Linear
  private let key: Linear
  private let value: Linear
  private let position: Linear
  private let output: Linear
  /// What every query adds when it scores contents, [D, heads].
  private let contentBias: Tensor
  /// What every query adds when it scores distances, [D, heads].
  private let positionBias: Tensor
  private let heads: Int
  private let headChannels: Int

  init(_ reader: CheckpointReader, channels: Int) throws(TensorError) {
    let shape = try reader.shape("pos_bias_u")
    guard shape.count == 2, shape[0] > 0, shape[1] > 0, shape[0] * shape[1] == channels else {
      throw reader.unsupported("'\(reader.key("pos_bias_u"))' has the shape \(shape)")
    }
    (heads, headChannels) = (shape[0], shape[1])
    contentBias = try reader.tensor("pos_bias_u", shape)
    positionBias = try reader.tensor("pos_bias_v", shape)
    query = try reader["linear_q"].linear(from: channels, to: channels)
    key = try reader["linear_k"].linear(from: channels, to: channels)
    value = try reader["linear_v"].linear(from: channels, to: channels)
    position = try reader["linear_pos"].linear(from: channels, to: channels)
    output = try reader["linear_out"].linear(from: channels, to: channels)
  }

  /// [C, T] and the positions [C, 2·T − 1] of ``positions(length:channels:)`` → [C, T].
  func callAsFunction(_ input: Tensor, positions: Tensor) -> Tensor {
    let length = input.size(1)
    let split = { (rows: Tensor) in rows.reshaped([headChannels, heads, rows.size(1)]) }
    let queries = split(input.linear(query))
    let keys = split(input.linear(key)).permuted([0, 2, 1])
    let distances = split(positions.linear(position)).permuted([0, 2, 1])
    let contentScores = (queries + contentBias).permuted([0, 2, 1]).matrixProduct(keys)
    let distanceScores = (queries + positionBias).permuted([0, 2, 1]).matrixProduct(distances)
    let weights = (contentScores + byKey(distanceScores, length))
      .softmax(scale: 1 / Float(headChannels).squareRoot())
    let values = split(input.linear(value)).permuted([1, 2, 0]).contiguous()  // [T, D, heads]
    return weights.matrixProduct(values).permuted([0, 2, 1]).contiguous()
      .reshaped([headChannels * heads, length]).linear(output)
  }

  /// Scores by distance [2·T − 1, T, heads], the farthest key behind first → by key [T, T, heads].
  ///
  /// Query i finds key j at distance i − j, which is element T − 1 − i + j of its row.
  private func byKey(_ scores: Tensor, _ length: Int) -> Tensor {
    let row = 2 * length - 1
    return scores.skewed(
      [length, length, heads], row: max(row - 1, 1), batch: row * length, first: length - 1)
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
