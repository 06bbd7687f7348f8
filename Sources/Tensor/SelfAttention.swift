import CGGML
import CKernels

extension Tensor {
  /// Multi-head attention of these queries [C, T] to all of as many keys and values [C, T]: [C, T].
  ///
  /// On the CPU our own kernel computes it, a few queries at a time, so that the scores [T, T, heads] never
  /// exist as a whole.
  ///
  /// Source: Vaswani et al., "Attention Is All You Need", 2017; for distances Dai et al., "Transformer-XL",
  /// 2019, section 3.3.
  ///
  /// - Parameters:
  ///   - keys: [C, T].
  ///   - values: [C, T].
  ///   - heads: how many, side by side in a row.
  ///   - distances: queries [C, T] and positions [C, 2·T − 1], the farthest key behind first, whose products
  ///     are added to the scores.
  public func attention(
    to keys: Tensor, _ values: Tensor, heads: Int, distances: (queries: Tensor, positions: Tensor)? = nil
  ) -> Tensor {
    let length = size(1)
    precondition(size(0).isMultiple(of: heads), "the heads do not share a row evenly")
    precondition(keys.shape2 == shape2 && values.shape2 == shape2, "keys or values have another shape")
    if let distances {
      precondition(
        distances.queries.shape2 == shape2 && distances.positions.shape2 == [size(0), 2 * length - 1],
        "the distances have another shape than the queries need")
    }
    return graph.backend.usesOwnKernels
      ? attentionByKernel(keys, values, heads, distances)
      : attentionByProducts(keys, values, heads, distances)
  }

  private var shape2: [Int] { [size(0), size(1)] }

  private func attentionByKernel(
    _ keys: Tensor, _ values: Tensor, _ heads: Int, _ distances: (queries: Tensor, positions: Tensor)?
  ) -> Tensor {
    let (headChannels, length) = (size(0) / heads, size(1))
    let call = AttentionCall(
      shape: cb_attention_shape(
        heads: Int32(heads), head_channels: Int32(headChannels), queries: Int64(length),
        keys: Int64(length), scale: 1 / Float(headChannels).squareRoot()),
      threads: Int32(graph.backend.threads))
    let sources = [self, keys, values] + (distances.map { [$0.queries, $0.positions] } ?? [])
    var arguments: [UnsafeMutablePointer<ggml_tensor>?] = sources.map { source in
      (ggml_is_contiguous(source.pointer) ? source : source.contiguous()).pointer
    }
    return node(
      ggml_custom_4d(
        graph.context, GGML_TYPE_F32, Int64(size(0)), Int64(length), 1, 1,
        &arguments, Int32(arguments.count), attentionKernel, 1, graph.keep(call)))
  }

  private func attentionByProducts(
    _ keys: Tensor, _ values: Tensor, _ heads: Int, _ distances: (queries: Tensor, positions: Tensor)?
  ) -> Tensor {
    let (headChannels, length) = (size(0) / heads, size(1))
    let split = { (rows: Tensor) in
      (ggml_is_contiguous(rows.pointer) ? rows : rows.contiguous())
        .reshaped([headChannels, heads, rows.size(1)])
    }
    let product = { (queries: Tensor, keys: Tensor) in
      split(queries).permuted([0, 2, 1]).matrixProduct(split(keys).permuted([0, 2, 1]))
    }
    var scores = product(self, keys)  // [T (keys), T, heads]
    if let distances {
      // Query i finds key j in element T − 1 − i + j of its row of 2·T − 1 distances.
      let row = 2 * length - 1
      scores =
        scores
        + product(distances.queries, distances.positions)
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
  let floats = { (tensor: UnsafeMutablePointer<ggml_tensor>?) in
    tensor?.pointee.data.assumingMemoryBound(to: Float.self)
  }
  withUnsafePointer(to: call.pointee.shape) { shape in
    cb_attention(
      shape, floats(sources.0), floats(sources.1), floats(sources.2), floats(sources.3), floats(sources.4),
      floats(destination), call.pointee.threads)
  }
}
