internal import CGGML
internal import CKernels

// Attention of new positions to those that a cache holds: what a transformer does for every token it speaks.
//
// A cache is a table of rows, of which every sequence has its own, in any order; sequences may share rows.
extension GraphBuilder {
  /// Softmax attention of new positions, each to those up to itself, scaled by the root of a head's size.
  ///
  /// On the CPU our own kernel reads keys and values where they lie, and only as far as there are positions;
  /// elsewhere they are gathered first.
  ///
  /// - Parameters:
  ///   - queries: [D, heads, T·S], the T new positions of a sequence one after the other.
  ///   - keys: a row a position, [D·heads, N], of 32-bit or 16-bit floats.
  ///   - values: as the keys.
  ///   - table: integers [P, S]: where the cache has a sequence's positions. Entries beyond the last position
  ///     are 0.
  ///   - positions: of the queries in their sequences, integers [T·S].
  ///   - mask: [P, T, 1, S], 0 where a query looks and −infinity where not; only for where there is no kernel.
  /// - Returns: [D·heads, T·S].
  public func cachedAttention(
    _ queries: Tensor, keys: Tensor, values: Tensor, table: Tensor, positions: Tensor, mask: () -> Tensor
  ) -> Tensor {
    let (channels, heads, rows, sequences) = (
      queries.size(0), queries.size(1), queries.size(2), table.size(1)
    )
    precondition(keys.size(0) == channels * heads && values.size(0) == channels * heads)
    precondition(rows.isMultiple(of: sequences) && positions.count == rows)
    let scale = 1 / Float(channels).squareRoot()
    guard backend.hasCachedAttention(headChannels: channels) else {
      let gathered = { (rows: Tensor) in
        table.reshaped([table.count]).rows(of: rows).reshaped([channels, heads, table.size(0), sequences])
      }
      let split = queries.inOrder.reshaped([channels, heads, rows / sequences, sequences]).permuted([0, 2, 1])
      let weights = split.matrixProduct(gathered(keys).permuted([0, 2, 1])).softmax(
        scale: scale, mask: mask())
      return weights.matrixProduct(gathered(values).permuted([1, 2, 0]).contiguous())
        .permuted([0, 2, 1]).contiguous().reshaped([channels * heads, rows])
    }
    let shape = cb_cached_attention_shape(
      heads: Int32(heads), head_channels: Int32(channels), rows: Int64(rows),
      rows_per_sequence: Int64(rows / sequences), table_stride: Int64(table.size(0)), scale: scale,
      is_half: keys.pointer.pointee.type == GGML_TYPE_F16)
    return queries.kernelNode(
      [channels * heads, rows], [queries.inOrder, keys, values, table, positions],
      CachedAttentionCall(shape: shape, threads: Int32(backend.threads)), cachedAttentionKernel)
  }
}

extension Backend {
  /// Whether our own kernel computes ``GraphBuilder/cachedAttention(_:keys:values:table:positions:mask:)``: it
  /// asks for no mask, and reads no row that the table and the positions do not lead to.
  public func hasCachedAttention(headChannels: Int) -> Bool {
    usesOwnKernels && headChannels.isMultiple(of: 16) && headChannels <= 128
  }
}

private struct CachedAttentionCall: BitwiseCopyable {
  let shape: cb_cached_attention_shape
  let threads: Int32
}

private let cachedAttentionKernel: ggml_custom_op_t = { destination, _, _, userdata in
  guard let destination, let call = userdata?.assumingMemoryBound(to: CachedAttentionCall.self),
    let queries = destination.pointee.src.0, let table = destination.pointee.src.3,
    let positions = destination.pointee.src.4
  else { return }
  withUnsafePointer(to: call.pointee.shape) { shape in
    cb_cached_attention(
      shape, queries.floats, destination.pointee.src.1?.pointee.data,
      destination.pointee.src.2?.pointee.data, table.pointee.data.assumingMemoryBound(to: Int32.self),
      positions.pointee.data.assumingMemoryBound(to: Int32.self), destination.floats, call.pointee.threads)
  }
}
