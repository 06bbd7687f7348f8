/// A one-dimensional transposed convolution: [I, T] → [O, (T − 1)·stride + K − 2·padding].
///
/// Computed as a plain convolution: the outputs at t·stride + r, for every phase r, depend on the same few
/// inputs, so one convolution with stride·O channels makes all phases at once, and its rows, read as
/// `stride` rows each, are the result.
public struct TransposedConvolution {
  let phases: Convolution
  let outputs: Int
  let taps: Int
  let stride: Int
  let padding: Int
}

extension Weights {
  /// Declares a transposed convolution from PyTorch's weight [I, O, K] and bias [O].
  public func transposedConvolution(
    _ name: String, _ weight: HostTensor, bias: HostTensor?, stride: Int, padding: Int
  ) -> TransposedConvolution {
    let (inputs, outputs, taps) = (weight.shape[0], weight.shape[1], weight.shape[2])
    let reach = (taps + stride - 1) / stride
    var phases = HostTensor(
      shape: [stride * outputs, inputs, reach],
      values: [Float](repeating: 0, count: stride * outputs * inputs * reach))
    for input in 0..<inputs {
      for output in 0..<outputs {
        for tap in 0..<taps {
          // The newest input, which the last tap reads, meets the first `stride` taps.
          let row = (tap % stride) * outputs + output
          phases.values[(row * inputs + input) * reach + reach - 1 - tap / stride] =
            weight.values[(input * outputs + output) * taps + tap]
        }
      }
    }
    let repeatedBias = bias.map { bias in
      HostTensor(shape: [stride * outputs], values: (0..<stride).flatMap { _ in bias.values })
    }
    return TransposedConvolution(
      phases: convolution(name, phases, bias: repeatedBias, .init(padding: reach - 1)),
      outputs: outputs, taps: taps, stride: stride, padding: padding)
  }
}

extension Tensor {
  /// The transposed convolution of this tensor's rows, after a leaky ReLU of `slope` (1 for none).
  public func upsampled(_ transposed: TransposedConvolution, slope: Float = 1) -> Tensor {
    let rows = convolved(transposed.phases, slope: slope)
    let length = (size(1) - 1) * transposed.stride + transposed.taps - 2 * transposed.padding
    return rows.reshaped([transposed.outputs, rows.size(1) * transposed.stride])
      .slice(1, transposed.padding..<transposed.padding + length)
  }
}
