internal import Tensor

/// Multi-head self-attention with learned embeddings of the distance between near positions.
///
/// Source: Shaw et al., "Self-Attention with Relative Position Representations", 2018;
/// `MultiHeadAttention` in VITS's `attentions.py`, with a window of 4 and embeddings shared by all heads.
struct RelativeAttention {
  let query: Convolution
  let key: Convolution
  let value: Convolution
  let output: Convolution
  /// Embeddings of the distances −window…window for keys, [D, 2·window + 1].
  let distanceKeys: Tensor
  /// The same for values, transposed: [2·window + 1, D].
  let distanceValues: Tensor
  let heads: Int
  let headChannels: Int
  let distances: Int

  init(_ reader: VITSReader, channels: Int) throws(TensorError) {
    query = try reader["conv_q"].convolution(from: channels, to: channels, taps: 1)
    key = try reader["conv_k"].convolution(from: channels, to: channels, taps: 1)
    value = try reader["conv_v"].convolution(from: channels, to: channels, taps: 1)
    output = try reader["conv_o"].convolution(from: channels, to: channels, taps: 1)
    let keys = try reader.host("emb_rel_k")
    guard keys.shape.count == 3, keys.shape[0] == 1, !keys.shape[1].isMultiple(of: 2),
      channels.isMultiple(of: keys.shape[2])
    else {
      throw reader.unsupported("its relative attention has the shape \(keys.shape)")
    }
    (distances, headChannels) = (keys.shape[1], keys.shape[2])
    heads = channels / headChannels
    distanceKeys = try reader.tensor("emb_rel_k", keys.shape)
    let values = try reader.host("emb_rel_v", keys.shape).values
    let (distances, headChannels) = (distances, headChannels)
    distanceValues = reader.weights.add(
      "emb_rel_v", shape: [distances, headChannels],
      (0..<headChannels).flatMap { channel in
        (0..<distances).map { values[$0 * headChannels + channel] }
      })
  }

  /// [H, T] → [H, T].
  func callAsFunction(_ input: Tensor) -> Tensor {
    let length = input.size(1)
    let split = { (projection: Convolution) in
      input.convolved(projection).reshaped([headChannels, heads, length]).permuted([0, 2, 1])
    }
    let queries = split(query).contiguous()  // [D, T, heads]
    let scores = queries.matrixProduct(split(key).contiguous())  // [T (keys), T, heads]
    let weights = (scores + nearScores(queries)).softmax(scale: 1 / Float(headChannels).squareRoot())
    let values = split(value).permuted([1, 0, 2]).contiguous()  // [T, D, heads]
    let attended = weights.matrixProduct(values) + nearValues(weights)
    return attended.permuted([0, 2, 1]).contiguous().reshaped([headChannels * heads, length])
      .convolved(output)
  }

  /// The scores of near keys by their distance, [T, T, heads], zero elsewhere.
  ///
  /// Every query's scores by distance stand in a row padded with zeros; reading those rows one element
  /// shorter than they are shifts each one place further, which puts distance d of query i at key i + d.
  private func nearScores(_ queries: Tensor) -> Tensor {
    let length = queries.size(1)
    let row = length + distances
    let byDistance = queries.matrixProduct(distanceKeys).padded(0, before: 0, after: length)
    return byDistance.skewed(
      [length, length, heads], row: row - 1, batch: row * length, first: (distances - 1) / 2)
  }

  /// What near values add by their distance, [D, T, heads]: the shift of `nearScores`, undone.
  private func nearValues(_ weights: Tensor) -> Tensor {
    let length = weights.size(1)
    let window = (distances - 1) / 2
    let row = length + 2 * window
    let byDistance = weights.padded(0, before: window, after: window)
      .skewed([distances, length, heads], row: row + 1, batch: row * length, first: 0)
    return byDistance.contiguous().matrixProduct(distanceValues)
  }
}
