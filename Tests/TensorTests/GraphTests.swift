import Tensor
import Testing

@Suite("Graph")
struct GraphTests {
  @Test("computes anew for new inputs, as often as asked", arguments: Engine.allCases)
  func reuse(engine: Engine) throws {
    let backend = try engine.backend()
    let weights = Weights(on: backend, capacity: 2)
    let convolution = weights.convolution(
      "w", HostTensor(shape: [16, 16, 3], values: randomFloats(16 * 16 * 3)),
      bias: HostTensor(shape: [16], values: randomFloats(16)))
    try weights.upload()
    func build() throws -> Graph {
      try Graph(on: backend) { builder in
        let input = builder.input("input", [16, 20])
        builder.output("output", input.convolved(convolution, slope: 0.1, adding: input).tanh().softmax())
      }
    }
    let reused = try build()
    for seed in 1...5 as ClosedRange<UInt64> {
      let fresh = try build()
      let outputs = try [reused, fresh].map { graph in
        graph.set("input", randomFloats(320, seed: seed))
        try graph.compute()
        return graph.floats("output")
      }
      #expect(outputs[0] == outputs[1])
    }
  }

  @Test("has as many inputs and outputs as were marked; an input nothing depends on may be set")
  func severalInputsAndOutputs() throws {
    let graph = try Graph(on: Backend()) { builder in
      let (a, b) = (builder.input("a", [3]), builder.input("b", [3]))
      _ = builder.input("unused", [2])
      builder.output("sum", a + b)
      builder.output("product", a * b)
      builder.output("a", a)
    }
    graph.set("unused", [1, 2] as [Float])
    graph.set("b", [4, 5, 6] as [Float])
    graph.set("a", [1, 2, 3] as [Float])
    try graph.compute()
    #expect(graph.floats("sum") == [5, 7, 9])
    #expect(graph.floats("product") == [4, 10, 18])
    #expect(graph.floats("a") == [1, 2, 3])
  }

  @Test("an output that is a view is read in the view's order")
  func viewAsOutput() throws {
    let input = Values.random([3, 4])
    let transposed = try evaluate([input]) { $0[0].permuted([1, 0]) }
    expectNear(transposed, Values([4, 3]) { input[[$0[1], $0[0]]] }, tolerance: 0)
  }

  @Test("two backends compute at once, each on a thread of its own, and do not disturb each other")
  func twoBackendsAtOnce() throws {
    let test = ConvolutionCase(inputs: 64, outputs: 96, taps: 7, slope: 0.1, rows: 400)
    let expected = try test.result(on: .oneThread).elements
    let results = onThreads(4) { _ in
      (0..<5).allSatisfy { _ in (try? test.result(on: .twoThreads))?.elements == expected }
    }
    #expect(results == [true, true, true, true])
  }
}
