internal import CGGML
internal import CKernels

/// A layer normalisation's parameters.
public struct RowNorm {
  let scale: Tensor
  let shift: Tensor
  let epsilon: Float

  /// - Parameters:
  ///   - scale: as many elements as a row.
  ///   - shift: as many elements as a row.
  ///   - epsilon: added to the variance.
  public init(scale: Tensor, shift: Tensor, epsilon: Float = 1e-5) {
    self.scale = scale
    self.shift = shift
    self.epsilon = epsilon
  }
}

extension Tensor {
  /// Layer normalisation over the fastest dimension, scaled and shifted.
  ///
  /// On the CPU our own kernel computes it, on every core; elsewhere ggml does.
  ///
  /// Source: Ba et al., "Layer Normalization", 2016.
  ///
  /// - Parameters:
  ///   - scale: as many elements as a row.
  ///   - shift: as many elements as a row.
  ///   - epsilon: added to the variance.
  ///   - activation: of the result.
  ///   - added: added to every row after that, as many elements as a row.
  public func layerNorm(
    _ scale: Tensor, _ shift: Tensor, epsilon: Float = 1e-5, activation: Activation = .none,
    adding added: Tensor? = nil
  ) -> Tensor {
    guard graph.backend.usesOwnKernels else {
      let activated = (node(ggml_norm(graph.context, pointer, epsilon)) * scale + shift).activated(activation)
      return added.map { activated + $0 } ?? activated
    }
    precondition(
      scale.count == size(0) && shift.count == size(0) && added?.count ?? size(0) == size(0),
      "scale and shift have as many elements as a row")
    let call = NormCall(
      epsilon: epsilon, activation: activation.kernel, threads: Int32(graph.backend.threads))
    let sources = [inOrder, scale, shift] + (added.map { [$0] } ?? [])
    return kernelNode((0..<4).map(size), sources, call, normKernel)
  }

  /// Layer normalisation over the fastest dimension.
  func layerNorm(_ norm: RowNorm) -> Tensor {
    layerNorm(norm.scale, norm.shift, epsilon: norm.epsilon)
  }
}

private struct NormCall: BitwiseCopyable {
  let epsilon: Float
  let activation: cb_activation
  let threads: Int32
}

private let normKernel: ggml_custom_op_t = { destination, _, _, userdata in
  guard let destination, let call = userdata?.assumingMemoryBound(to: NormCall.self) else { return }
  let sources = destination.pointee.src
  let channels = destination.pointee.ne.0
  cb_layer_norm(
    sources.0?.floats, sources.1?.floats, sources.2?.floats, destination.floats,
    ggml_nelements(destination) / channels, channels, call.pointee.epsilon, call.pointee.activation,
    sources.3?.floats, call.pointee.threads)
}
