/// A convolution of every channel by itself: [C, T] → [C, T].
public struct DepthwiseConvolution {
  let taps: [Tensor]
  let bias: Tensor
  let dilation: Int
}

extension Weights {
  /// Declares a depthwise convolution from PyTorch's weight [C, 1, K], of odd K, and bias [C].
  public func depthwiseConvolution(
    _ name: String, _ weight: HostTensor, bias: HostTensor, dilation: Int
  ) -> DepthwiseConvolution {
    let (channels, taps) = (weight.shape[0], weight.shape[2])
    return DepthwiseConvolution(
      taps: (0..<taps).map { tap in
        add("\(name).\(tap)", shape: [channels], (0..<channels).map { weight.values[$0 * taps + tap] })
      },
      bias: add(name + ".bias", shape: [channels], bias.values),
      dilation: dilation)
  }
}

extension Tensor {
  /// Every channel's own convolution, with zeros around so that the length stays.
  public func convolved(_ depthwise: DepthwiseConvolution) -> Tensor {
    let margin = (depthwise.taps.count - 1) * depthwise.dilation / 2
    let padded = padded(1, before: margin, after: margin)
    let length = size(1)
    let products = depthwise.taps.enumerated().map { tap, weight in
      padded.slice(1, tap * depthwise.dilation..<tap * depthwise.dilation + length) * weight
    }
    return products.dropFirst().reduce(products[0], +) + depthwise.bias
  }
}
