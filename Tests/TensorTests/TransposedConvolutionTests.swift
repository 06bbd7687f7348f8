import Tensor
import Testing

@Suite("A transposed convolution equals its definition")
struct TransposedConvolutionTests {
  struct Walk: Sendable {
    let taps: Int
    let stride: Int
    let padding: Int
  }

  /// HiFi-GAN's own, then taps that are no multiple of the stride, fewer than it, or cut to nothing.
  static let walks = [
    Walk(taps: 16, stride: 8, padding: 4), Walk(taps: 4, stride: 2, padding: 1),
    Walk(taps: 8, stride: 4, padding: 2), Walk(taps: 1, stride: 1, padding: 0),
    Walk(taps: 7, stride: 3, padding: 0), Walk(taps: 7, stride: 3, padding: 2),
    Walk(taps: 11, stride: 5, padding: 3), Walk(taps: 5, stride: 4, padding: 0),
    Walk(taps: 2, stride: 5, padding: 0), Walk(taps: 3, stride: 1, padding: 1),
  ]

  @Test("for every walk and width, with our kernels and without", arguments: walks, Engine.allCases)
  func everyWalk(walk: Walk, engine: Engine) throws {
    for (inputs, outputs, rows) in [(1, 1, 1), (3, 2, 5), (16, 29, 13), (32, 16, 40), (33, 1, 9)] {
      for slope: Float in [1, 0.1] {
        try check(walk, inputs, outputs, rows, slope: slope, hasBias: rows != 5, on: engine)
      }
    }
  }

  private func check(
    _ walk: Walk, _ inputs: Int, _ outputs: Int, _ rows: Int, slope: Float, hasBias: Bool, on engine: Engine
  ) throws {
    let length = (rows - 1) * walk.stride + walk.taps - 2 * walk.padding
    guard length > 0 else { return }
    let input = Values.random([inputs, rows])
    let weight = Values.random([walk.taps, outputs, inputs], seed: 2)
    let bias = hasBias ? randomFloats(outputs, seed: 3) : nil

    let backend = try engine.backend()
    let weights = Weights(on: backend, capacity: 2)
    let transposed = weights.transposedConvolution(
      "ups", HostTensor(shape: weight.shape.reversed(), values: weight.elements),
      bias: bias.map { HostTensor(shape: [outputs], values: $0) }, stride: walk.stride, padding: walk.padding)
    try weights.upload()
    let graph = try Graph(on: backend) { builder in
      builder.output("output", builder.input("input", input.shape).upsampled(transposed, slope: slope))
    }
    graph.set("input", input.elements)
    try graph.compute()

    var expected = (0..<length * outputs).map { Double(bias?[$0 % outputs] ?? 0) }
    for row in 0..<rows {
      for tap in 0..<walk.taps {
        let target = row * walk.stride + tap - walk.padding
        guard (0..<length).contains(target) else { continue }
        for output in 0..<outputs {
          for channel in 0..<inputs {
            let value = input.elements[row * inputs + channel]
            let factor = weight.elements[(channel * outputs + output) * walk.taps + tap]
            expected[target * outputs + output] += Double((value > 0 ? value : slope * value) * factor)
          }
        }
      }
    }
    expectNear(
      Values([outputs, length], graph.floats("output")), Values([outputs, length], expected.map(Float.init)),
      tolerance: 1e-4, "\(inputs)→\(outputs), \(rows) rows, slope \(slope)")
  }
}
