import Tensor
import Testing

@Suite("A depthwise convolution equals its definition")
struct DepthwiseConvolutionTests {
  @Test("for every width, number of taps and dilation", arguments: [1, 3, 16, 33, 192], [1, 3, 5, 7])
  func everyWalk(channels: Int, taps: Int) throws {
    for (dilation, rows) in [(1, 1), (1, 13), (3, 5), (3, 13), (9, 40)] {
      let input = Values.random([channels, rows])
      let weight = Values.random([taps, 1, channels], seed: 2)
      let bias = randomFloats(channels, seed: 3)
      let backend = try Backend()
      let weights = Weights(on: backend, capacity: taps + 1)
      let depthwise = weights.depthwiseConvolution(
        "sep", HostTensor(shape: weight.shape.reversed(), values: weight.elements),
        bias: HostTensor(shape: [channels], values: bias), dilation: dilation)
      try weights.upload()
      let graph = try Graph(on: backend) { builder in
        builder.output("output", builder.input("input", input.shape).convolved(depthwise))
      }
      graph.set("input", input.elements)
      try graph.compute()
      let expected = Values(input.shape) { place in
        (0..<taps).reduce(bias[place[0]]) { sum, tap in
          let row = place[1] + (tap - taps / 2) * dilation
          return (0..<rows).contains(row) ? sum + input[[place[0], row]] * weight[[tap, 0, place[0]]] : sum
        }
      }
      expectNear(Values(input.shape, graph.floats("output")), expected, "dilation \(dilation), \(rows) rows")
    }
  }
}
