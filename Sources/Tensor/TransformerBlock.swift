internal import CGGML
internal import CKernels

/// What a transformer's block does after its attention: the heads' rows through `output`, added to the block's
/// input; and to that, normalised, through two layers with an activation between them, again.
public struct AttendedBlock {
  let output: Linear
  let norm: RowNorm
  let up: Linear
  let activation: Activation
  let down: Linear

  /// - Parameters:
  ///   - output: [heads' C, T] → [C, T].
  ///   - norm: of what goes into `up`.
  ///   - up: [C, T] → [hidden, T].
  ///   - activation: between the two.
  ///   - down: [hidden, T] → [C, T].
  public init(output: Linear, norm: RowNorm, up: Linear, activation: Activation, down: Linear) {
    precondition(
      output.outputs == up.inputs && up.outputs == down.inputs && down.outputs == output.outputs,
      "a block's layers fit each other and its input")
    self.output = output
    self.norm = norm
    self.up = up
    self.activation = activation
    self.down = down
  }
}

// On the CPU our own kernel keeps a few dozen rows in the cache from one layer to the next.
extension Tensor {
  /// The normalised rows through a linear layer: [I, T] → [O, T].
  public func linear(_ layer: Linear, after norm: RowNorm) -> Tensor {
    guard graph.backend.usesOwnKernels, let parameters = LinearParameters(layer) else {
      return layerNorm(norm).linear(layer)
    }
    precondition(size(0) == layer.inputs, "the rows have \(size(0)) elements, the layer \(layer.inputs)")
    let call = NormedLinearCall(
      norm: NormParameters(norm), linear: parameters, threads: Int32(graph.backend.threads))
    return kernelNode([layer.outputs, size(1)], [inOrder], call, normedLinearKernel)
  }

  /// The rest of a block whose input this is, [C, T], after its attention, [heads' C, T].
  public func attended(_ heads: Tensor, _ block: AttendedBlock) -> Tensor {
    guard graph.backend.usesOwnKernels, let output = LinearParameters(block.output),
      let up = LinearParameters(block.up), let down = LinearParameters(block.down)
    else {
      let attended = self + heads.linear(block.output)
      return attended
        + attended.layerNorm(block.norm).linear(block.up).activated(block.activation).linear(block.down)
    }
    precondition(
      size(0) == block.output.outputs && heads.size(0) == block.output.inputs && heads.size(1) == size(1),
      "the block has another shape than its input")
    let call = AttendedBlockCall(
      output: output, norm: NormParameters(block.norm), up: up, activation: block.activation.kernel,
      down: down, threads: Int32(graph.backend.threads))
    return kernelNode([size(0), size(1)], [inOrder, heads.inOrder], call, attendedBlockKernel)
  }
}

// A node takes fewer sources than a block has weights, whose place never changes: the kernels look there.

private struct LinearParameters: BitwiseCopyable {
  let packed: UnsafeMutablePointer<ggml_tensor>
  let bias: UnsafeMutablePointer<ggml_tensor>?
  let inputs: Int32
  let outputs: Int32

  /// `nil` for a matrix that is not packed.
  init?(_ layer: Linear) {
    guard case .packed(let convolution) = layer.matrix else { return nil }
    packed = convolution.weight.pointer
    bias = convolution.bias?.pointer
    (inputs, outputs) = (Int32(layer.inputs), Int32(layer.outputs))
  }

  var kernel: cb_linear {
    cb_linear(packed: packed.floats, bias: bias?.floats, inputs: inputs, outputs: outputs)
  }
}

private struct NormParameters: BitwiseCopyable {
  let scale: UnsafeMutablePointer<ggml_tensor>
  let shift: UnsafeMutablePointer<ggml_tensor>
  let epsilon: Float

  init(_ norm: RowNorm) {
    (scale, shift, epsilon) = (norm.scale.pointer, norm.shift.pointer, norm.epsilon)
  }

  var kernel: cb_norm { cb_norm(scale: scale.floats, shift: shift.floats, epsilon: epsilon) }
}

private struct NormedLinearCall: BitwiseCopyable {
  let norm: NormParameters
  let linear: LinearParameters
  let threads: Int32
}

private struct AttendedBlockCall: BitwiseCopyable {
  let output: LinearParameters
  let norm: NormParameters
  let up: LinearParameters
  let activation: cb_activation
  let down: LinearParameters
  let threads: Int32
}

private let normedLinearKernel: ggml_custom_op_t = { destination, _, _, userdata in
  guard let destination, let call = userdata?.assumingMemoryBound(to: NormedLinearCall.self).pointee else {
    return
  }
  var (norm, linear) = (call.norm.kernel, call.linear.kernel)
  cb_normed_linear(
    &norm, &linear, destination.pointee.src.0?.floats, destination.floats, destination.pointee.ne.1,
    call.threads)
}

private let attendedBlockKernel: ggml_custom_op_t = { destination, _, _, userdata in
  guard let destination, let call = userdata?.assumingMemoryBound(to: AttendedBlockCall.self).pointee else {
    return
  }
  var (output, norm) = (call.output.kernel, call.norm.kernel)
  var (up, down) = (call.up.kernel, call.down.kernel)
  cb_attended_block(
    &output, &norm, &up, call.activation, &down, destination.pointee.src.1?.floats,
    destination.pointee.src.0?.floats, destination.floats, destination.pointee.ne.1, call.threads)
}
