internal import CGGML
internal import CKernels

/// A matrix of 8-bit blocks in the order of our own kernel, with the bias of its linear layer.
///
/// ggml's rows of blocks (q8_0), sixteen side by side: one row of input or eight cost about the same, the
/// reading of the matrix from memory, and many run at several times the speed of 32-bit floats.
struct PackedBlocks {
  let bytes: Tensor
  let bias: Tensor?
  let shape: cb_q8_shape

  /// Whether matrices of a type are packed on a backend: 8-bit blocks, on processors with the instructions.
  static func serve(_ type: WeightType, on backend: Backend) -> Bool {
    type == .q8_0 && backend.usesOwnKernels && cb_q8_is_supported()
  }
}

extension Weights {
  /// Declares a matrix [O, I] of 8-bit blocks; `inputs` is a multiple of a block.
  func packedBlocks(
    _ name: String, inputs: Int, outputs: Int, bias: HostTensor?, load: @escaping () -> HostTensor
  ) -> PackedBlocks {
    let shape = cb_q8_shape(outputs: Int64(outputs), inputs: Int64(inputs))
    let bytes = addBytes(name, count: Int(cb_q8_packed_size(shape))) { packed in
      let size = ggml_row_size(GGML_TYPE_Q8_0, shape.inputs) * outputs
      withUnsafeTemporaryAllocation(byteCount: size, alignment: 64) { rows in
        ggml_quantize_chunk(
          GGML_TYPE_Q8_0, load().values, rows.baseAddress, 0, shape.outputs, shape.inputs, nil)
        cb_q8_pack(shape, rows.baseAddress, packed)
      }
    }
    return PackedBlocks(
      bytes: bytes, bias: bias.map { add(name + ".bias", shape: [outputs], $0.values) }, shape: shape)
  }
}

extension Tensor {
  /// The rows through a matrix: [I, T, …] → [O, T, …].
  func product(_ matrix: PackedBlocks) -> Tensor {
    let call = BlocksCall(
      shape: matrix.shape, hasBias: matrix.bias != nil, threads: Int32(graph.backend.threads))
    return kernelNode(
      [Int(matrix.shape.outputs), size(1), size(2), size(3)],
      [inOrder, matrix.bytes] + (matrix.bias.map { [$0] } ?? []), call, blocksKernel)
  }
}

private struct BlocksCall: BitwiseCopyable {
  let shape: cb_q8_shape
  let hasBias: Bool
  let threads: Int32
}

private let blocksKernel: ggml_custom_op_t = { destination, _, _, userdata in
  guard let destination, let call = userdata?.assumingMemoryBound(to: BlocksCall.self).pointee,
    let rows = destination.pointee.src.0
  else { return }
  cb_q8_product(
    call.shape, destination.pointee.src.1?.pointee.data,
    call.hasBias ? destination.pointee.src.2?.floats : nil, rows.floats, ggml_nrows(rows),
    destination.floats, call.threads)
}
