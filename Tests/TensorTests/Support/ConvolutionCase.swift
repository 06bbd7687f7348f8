import Tensor

/// A convolution and what to compute it of.
struct ConvolutionCase: Sendable, CustomStringConvertible {
  var inputs: Int
  var outputs: Int
  var taps = 3
  var stride = 1
  var dilation = 1
  var padding: Int?
  var hasBias = true
  var hasResidual = false
  var slope: Float = 1
  var rows = 13

  var input: Values { .random([inputs, rows], seed: 1) }
  var weight: [Float] { randomFloats(outputs * inputs * taps, seed: 2) }
  var bias: [Float]? { hasBias ? randomFloats(outputs, seed: 3) : nil }
  var residual: Values? { hasResidual ? .random([outputs, outputRows], seed: 4) : nil }

  private var zeros: Int { padding ?? (taps - 1) * dilation / 2 }
  private var reach: Int { (taps - 1) * dilation + 1 }
  var outputRows: Int { (rows + 2 * zeros - reach) / stride + 1 }
  /// Whether the taps reach over no more than the padded input.
  var isPossible: Bool { reach <= rows + 2 * zeros }

  var description: String {
    "\(inputs)→\(outputs), \(taps) taps, stride \(stride), dilation \(dilation), padding \(padding ?? -1), "
      + "bias \(hasBias), residual \(hasResidual), slope \(slope), \(rows) rows"
  }

  /// Ours.
  func result(on engine: Engine) throws -> Values {
    let backend = try engine.backend()
    let weights = Weights(on: backend, capacity: 2)
    let convolution = weights.convolution(
      "weight", HostTensor(shape: [outputs, inputs, taps], values: weight),
      bias: bias.map { HostTensor(shape: [outputs], values: $0) },
      ConvolutionOptions(stride: stride, dilation: dilation, padding: padding))
    try weights.upload()
    let residual = residual
    let graph = try Graph(on: backend) { builder in
      let input = builder.input("input", [inputs, rows])
      let added = residual.map { builder.input("residual", $0.shape) }
      builder.output("output", input.convolved(convolution, slope: slope, adding: added))
    }
    graph.set("input", input.elements)
    if let residual { graph.set("residual", residual.elements) }
    try graph.compute()
    return Values([outputs, outputRows], graph.floats("output"))
  }

  /// The definition, at the places of `step`, `2·step`, … in the output.
  func reference(every step: Int) -> [(index: Int, value: Float)] {
    let (input, weight, bias, residual) = (input.elements, weight, bias, residual?.elements)
    return input.withUnsafeBufferPointer { input in
      weight.withUnsafeBufferPointer { weight in
        Swift.stride(from: 0, to: outputs * outputRows, by: step).map { index in
          let (row, output) = index.quotientAndRemainder(dividingBy: outputs)
          var sum = Double((bias?[output] ?? 0) + (residual?[index] ?? 0))
          for tap in 0..<taps {
            let source = row * stride + tap * dilation - zeros
            guard (0..<rows).contains(source) else { continue }
            for channel in 0..<inputs {
              let value = input[source * inputs + channel]
              sum += Double(
                (value > 0 ? value : slope * value) * weight[(output * inputs + channel) * taps + tap])
            }
          }
          return (index, Float(sum))
        }
      }
    }
  }

  /// A step that keeps the reference within about `products` multiplications: a prime, so that it meets
  /// every channel.
  func step(within products: Int) -> Int {
    let wanted = outputs * outputRows * inputs * taps / products
    return [1, 7, 37, 127, 499, 2_003, 8_009].last { $0 <= max(1, wanted) } ?? 1
  }
}
