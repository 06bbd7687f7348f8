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

  /// The Gaussian error linear unit by its approximation with tanh: `gelu_new`, `gelu_pytorch_tanh`.
  public func geluByTanh() -> Tensor {
    guard !graph.backend.usesOwnKernels else { return activatedByKernel(cb_activation_gelu_tanh) }
    // ggml's own rounds to half precision. 0.5·(1 + tanh y) is the sigmoid of 2·y.
    let inner = (self + squared() * self * 0.044715) * (2 * (2 / Float(Double.pi)).squareRoot())
    return self * inner.sigmoid()
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
    let call = ActivationCall(activation: activation, threads: Int32(graph.backend.threads))
    return kernelNode((0..<4).map(size), [inOrder], call, activationKernel)
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
    call.pointee.activation, source.floats, destination.floats, ggml_nelements(destination),
    call.pointee.threads)
}
