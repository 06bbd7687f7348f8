internal import CGGML
internal import CKernels

extension Tensor {
  /// Layer normalisation over the fastest dimension, scaled and shifted.
  ///
  /// On the CPU our own kernel computes it, on every core; elsewhere ggml does.
  ///
  /// Source: Ba et al., "Layer Normalization", 2016.
  public func layerNorm(_ scale: Tensor, _ shift: Tensor, epsilon: Float = 1e-5) -> Tensor {
    guard graph.backend.usesOwnKernels else {
      return node(ggml_norm(graph.context, pointer, epsilon)) * scale + shift
    }
    precondition(
      scale.count == size(0) && shift.count == size(0), "scale and shift have as many elements as a row")
    let input = ggml_is_contiguous(pointer) ? self : contiguous()
    var arguments: [UnsafeMutablePointer<ggml_tensor>?] = [input.pointer, scale.pointer, shift.pointer]
    let call = NormCall(epsilon: epsilon, threads: Int32(graph.backend.threads))
    return node(
      ggml_custom_4d(
        graph.context, GGML_TYPE_F32, Int64(size(0)), Int64(size(1)), Int64(size(2)), Int64(size(3)),
        &arguments, Int32(arguments.count), normKernel, 1, graph.keep(call)))
  }
}

private struct NormCall: BitwiseCopyable {
  let epsilon: Float
  let threads: Int32
}

private let normKernel: ggml_custom_op_t = { destination, _, _, userdata in
  guard let destination, let call = userdata?.assumingMemoryBound(to: NormCall.self) else { return }
  let sources = destination.pointee.src
  let floats = { (tensor: UnsafeMutablePointer<ggml_tensor>?) in
    tensor?.pointee.data.assumingMemoryBound(to: Float.self)
  }
  let channels = destination.pointee.ne.0
  cb_layer_norm(
    floats(sources.0), floats(sources.1), floats(sources.2), floats(destination),
    ggml_nelements(destination) / channels, channels, call.pointee.epsilon, call.pointee.threads)
}
