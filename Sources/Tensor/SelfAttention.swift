internal import CGGML
internal import CKernels

/// What attention scores also depend on where the distance of a key counts: query·key becomes
/// (query + content bias)·key + (query + position bias)·position.
///
/// Source: Dai et al., "Transformer-XL", 2019, section 3.3.
public struct AttentionDistances {
  let positions: Tensor
  let contentBias: Tensor
  let positionBias: Tensor

  /// - Parameters:
  ///   - positions: [C, 2·T − 1], the farthest key behind first.
  ///   - contentBias: [C].
  ///   - positionBias: [C].
  public init(positions: Tensor, contentBias: Tensor, positionBias: Tensor) {
    self.positions = positions
    self.contentBias = contentBias
    self.positionBias = positionBias
  }
}

extension Tensor {
  /// Multi-head attention of these queries [C, T] to all of as many keys and values [C, T]: [C, T].
  ///
  /// On the CPU our own kernel computes it, a few queries and keys at a time, so that the scores [T, T, heads]
  /// never exist as a whole. Queries, keys and values may be slices of longer rows.
  ///
  /// Source: Vaswani et al., "Attention Is All You Need", 2017.
  ///
  /// - Parameters:
  ///   - keys: [C, T].
  ///   - values: [C, T].
  ///   - heads: how many, side by side in a row.
  ///   - distances: where scores depend on them.
  public func attention(
    to keys: Tensor, _ values: Tensor, heads: Int, distances: AttentionDistances? = nil
  ) -> Tensor {
    let length = size(1)
    precondition(size(0).isMultiple(of: heads), "the heads do not share a row evenly")
    precondition(keys.shape2 == shape2 && values.shape2 == shape2, "keys or values have another shape")
    if let distances {
      precondition(
        distances.positions.shape2 == [size(0), 2 * length - 1] && distances.contentBias.count == size(0)
          && distances.positionBias.count == size(0),
        "the distances have another shape than the queries need")
    }
    return graph.backend.usesOwnKernels
      ? attentionByKernel(keys, values, heads, distances)
      : attentionByProducts(keys, values, heads, distances)
  }

  private var shape2: [Int] { [size(0), size(1)] }

  private func attentionByKernel(
    _ keys: Tensor, _ values: Tensor, _ heads: Int, _ distances: AttentionDistances?
  ) -> Tensor {
    let (headChannels, length) = (size(0) / heads, size(1))
    let call = AttentionCall(
      shape: cb_attention_shape(
        heads: Int32(heads), head_channels: Int32(headChannels), queries: Int64(length),
        keys: Int64(length), scale: 1 / Float(headChannels).squareRoot()),
      threads: Int32(graph.backend.threads))
    let added = distances.map { [$0.positions, $0.contentBias, $0.positionBias] } ?? []
    let sources = ([self, keys, values] + added).map { source in
      // Rows may lie apart, their elements not.
      source.stride(0) == MemoryLayout<Float>.size ? source : source.contiguous()
    }
    return kernelNode([size(0), length], sources, call, attentionKernel)
  }

  private func attentionByProducts(
    _ keys: Tensor, _ values: Tensor, _ heads: Int, _ distances: AttentionDistances?
  ) -> Tensor {
    let (headChannels, length) = (size(0) / heads, size(1))
    let split = { (rows: Tensor) in rows.inOrder.reshaped([headChannels, heads, rows.size(1)]) }
    let product = { (queries: Tensor, keys: Tensor) in
      split(queries).permuted([0, 2, 1]).matrixProduct(split(keys).permuted([0, 2, 1]))
    }
    // [T (keys), T, heads]
    var scores = product(distances.map { self + $0.contentBias } ?? self, keys)
    if let distances {
      // Query i finds key j in element T − 1 − i + j of its row of 2·T − 1 distances.
      let row = 2 * length - 1
      scores =
        scores
        + product(self + distances.positionBias, distances.positions)
        .skewed([length, length, heads], row: max(row - 1, 1), batch: row * length, first: length - 1)
    }
    let weights = scores.softmax(scale: 1 / Float(headChannels).squareRoot())
    let columns = split(values).permuted([1, 2, 0]).contiguous()  // [T, D, heads]
    return weights.matrixProduct(columns).permuted([0, 2, 1]).contiguous().reshaped([size(0), length])
  }
}

private struct AttentionCall: BitwiseCopyable {
  let shape: cb_attention_shape
  let threads: Int32
}

private let attentionKernel: ggml_custom_op_t = { destination, _, _, userdata in
  guard let destination, let call = userdata?.assumingMemoryBound(to: AttentionCall.self) else { return }
  let sources = destination.pointee.src
  let rows = { (tensor: UnsafeMutablePointer<ggml_tensor>?) in
    cb_rows(
      first: tensor?.floats, row: Int64(tensor?.pointee.nb.1 ?? 0) / Int64(MemoryLayout<Float>.size))
  }
  var distances = cb_distances(
    positions: rows(sources.3), content_bias: sources.4?.floats, position_bias: sources.5?.floats)
  withUnsafePointer(to: call.pointee.shape) { shape in
    withUnsafePointer(to: &distances) { distances in
      cb_attention(
        shape, rows(sources.0), rows(sources.1), rows(sources.2), sources.3 == nil ? nil : distances,
        destination.floats, call.pointee.threads)
    }
  }
}
