internal import CGGML

// How kernels of our own become nodes of a graph.
extension Tensor {
  /// A node of floats that a kernel computes on the CPU.
  ///
  /// - Parameters:
  ///   - shape: of the result.
  ///   - sources: what the kernel reads, as it expects them to lie.
  ///   - call: what else it needs to know; lives as long as the graph.
  ///   - kernel: reads `sources` from the node's `src`, and `call` from its userdata.
  func kernelNode<Call: BitwiseCopyable>(
    _ shape: [Int], _ sources: [Tensor], _ call: Call, _ kernel: ggml_custom_op_t
  ) -> Tensor {
    var arguments: [UnsafeMutablePointer<ggml_tensor>?] = sources.map(\.pointer)
    let sizes = (0..<4).map { $0 < shape.count ? Int64(shape[$0]) : 1 }
    return node(
      ggml_custom_4d(
        graph.context, GGML_TYPE_F32, sizes[0], sizes[1], sizes[2], sizes[3], &arguments,
        Int32(arguments.count), kernel, 1, graph.keep(call)))
  }

  /// The same elements, lying in order.
  var inOrder: Tensor { ggml_is_contiguous(pointer) ? self : contiguous() }
}

extension UnsafeMutablePointer<ggml_tensor> {
  /// A tensor's elements in this process's memory.
  var floats: UnsafeMutablePointer<Float> { pointee.data.assumingMemoryBound(to: Float.self) }
}
