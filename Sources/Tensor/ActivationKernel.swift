internal import CGGML
internal import CKernels

/// What a layer does to each element of its result.
public enum Activation: Sendable {
  /// Nothing.
  case none
  /// ``Tensor/gelu()``.
  case gelu
  /// ``Tensor/mish()``.
  case mish
  /// ``Tensor/silu()``.
  case silu

  var kernel: cb_activation {
    switch self {
    case .none: cb_activation_none
    case .gelu: cb_activation_gelu
    case .mish: cb_activation_mish
    case .silu: cb_activation_silu
    }
  }
}

extension Tensor {
  /// The Gaussian error linear unit by the error function, as PyTorch's default.
  public func gelu() -> Tensor {
    graph.backend.usesOwnKernels
      ? activatedByKernel(cb_activation_gelu) : node(ggml_gelu_erf(graph.context, pointer))
  }

  /// x·tanh(softplus(x)).
  public func mish() -> Tensor {
    graph.backend.usesOwnKernels ? activatedByKernel(cb_activation_mish) : self * softplus().tanh()
  }

  func activated(_ activation: Activation) -> Tensor {
    switch activation {
    case .none: self
    case .gelu: gelu()
    case .mish: mish()
    case .silu: silu()
    }
  }

  private func activatedByKernel(_ activation: cb_activation) -> Tensor {
    let input = ggml_is_contiguous(pointer) ? self : contiguous()
    let call = ActivationCall(activation: activation, threads: Int32(graph.backend.threads))
    var arguments: [UnsafeMutablePointer<ggml_tensor>?] = [input.pointer]
    let sizes = (0..<4).map { Int64(size($0)) }
    return node(
      ggml_custom_4d(
        graph.context, GGML_TYPE_F32, sizes[0], sizes[1], sizes[2], sizes[3],
        &arguments, 1, activationKernel, 1, graph.keep(call)))
  }
}

private struct ActivationCall: BitwiseCopyable {
  let activation: cb_activation
  let threads: Int32
}

private let activationKernel: ggml_custom_op_t = { destination, _, _, userdata in
  guard let destination, let source = destination.pointee.src.0,
    let call = userdata?.assumingMemoryBound(to: ActivationCall.self)
  else { return }
  cb_activate(
    call.pointee.activation, source.pointee.data.assumingMemoryBound(to: Float.self),
    destination.pointee.data.assumingMemoryBound(to: Float.self), ggml_nelements(destination),
    call.pointee.threads)
}
