import Foundation
import Tensor
import Testing

@Suite("Snake")
struct SnakeTests {
  @Test("equals plain Swift, before a convolution and alone", arguments: [1, 15, 16, 37], [true, false])
  func equalsPlain(channels: Int, ownKernels: Bool) throws {
    let backend = try Backend(ownKernels: ownKernels)
    let alpha = randomFloats(channels, seed: 3).map { 0.1 + 20 * abs($0) }
    // Angles up to thousands.
    let input = Values.random([channels, 9], seed: 4)
    let large = Values(input.shape) { 50 * input[$0] }
    let weights = Weights(on: backend, capacity: 8)
    let snake = weights.snake("a", alpha: alpha)
    // A convolution that adds neighbours with the same weight for every channel.
    let taps = [Float](repeating: 0.5, count: channels * 3)
    let convolution = weights.convolution("w", HostTensor(shape: [1, channels, 3], values: taps))
    try weights.upload()
    let graph = try Graph(on: backend) { builder in
      let x = builder.input("x", large.shape)
      builder.output("alone", x.activated(by: snake))
      builder.output("convolved", x.convolved(convolution, snake: snake))
    }
    graph.set("x", large.elements)
    try graph.compute()
    let alone = Values(large.shape) { place in
      let x = Double(large[place])
      let a = alpha[place[0]]
      return Float(x + pow(sin(Double(large[place] * a)), 2) / Double(a))
    }
    expectNear(Values(large.shape, graph.floats("alone")), alone, tolerance: 1e-4)
    let convolved = Values([1, 9]) { place in
      let rows = max(0, place[1] - 1)...min(8, place[1] + 1)
      return rows.flatMap { row in (0..<channels).map { alone[[$0, row]] / 2 } }.reduce(0, +)
    }
    expectNear(Values([1, 9], graph.floats("convolved")), convolved, tolerance: 2e-3)
  }

  @Test("absurd angles give numbers")
  func absurd() throws {
    let backend = try Backend()
    let weights = Weights(on: backend, capacity: 8)
    let snake = weights.snake("a", alpha: [0, 1e6, 1, 1])
    let identity = weights.convolution(
      "w", HostTensor(shape: [4, 4, 1], values: (0..<16).map { $0 % 5 == 0 ? 1 : 0 }))
    try weights.upload()
    let graph = try Graph(on: backend) { builder in
      builder.output("y", builder.input("x", [4, 1]).convolved(identity, snake: snake))
    }
    graph.set("x", [2, 1e20, -1e30, 0])
    try graph.compute()
    let values = graph.floats("y")
    #expect(values.allSatisfy(\.isFinite) && values[0] == 2 && values[3] == 0)
  }
}
