import Tensor
import Testing

@Suite("A few rows times a matrix of fewer bits")
struct SharedProductTests {
  @Test(
    "equal ggml's own product, on one thread and on several",
    arguments: [WeightType.float16, .bfloat16, .q4_0], [(64, 1, 1), (96, 37, 2), (1024, 700, 4)])
  func equalsGGML(type: WeightType, size: (inputs: Int, outputs: Int, rows: Int)) throws {
    let theirs = try product(type, size, on: Backend(ownKernels: false))
    for threads in [1, 3] {
      expectNear(try product(type, size, on: Backend(threads: threads)), theirs, tolerance: 1e-4)
    }
  }

  @Test("rows of several sequences, sliced, with a bias")
  func sequences() throws {
    let theirs = try product(.q4_0, (64, 5, 2), sequences: 2, on: Backend(ownKernels: false))
    #expect(theirs.shape == [5, 2, 2])
    expectNear(try product(.q4_0, (64, 5, 2), sequences: 2, on: Backend()), theirs, tolerance: 1e-5)
  }

  private func product(
    _ type: WeightType, _ size: (inputs: Int, outputs: Int, rows: Int), sequences: Int = 1,
    on backend: Backend
  ) throws -> Values {
    let weights = Weights(on: backend, capacity: 2, matrixType: type)
    let layer = weights.linear(
      "w", inputs: size.inputs, outputs: size.outputs,
      bias: HostTensor(shape: [size.outputs], values: randomFloats(size.outputs, seed: 3))
    ) {
      HostTensor(
        shape: [size.outputs, size.inputs], values: randomFloats(size.outputs * size.inputs, seed: 2))
    }
    try weights.upload()
    let graph = try Graph(on: backend) { builder in
      let all = builder.input("x", [size.inputs, size.rows + 1, sequences])
      builder.output("y", all.slice(1, 1..<size.rows + 1).linear(layer))
    }
    graph.set("x", randomFloats(size.inputs * (size.rows + 1) * sequences))
    try graph.compute()
    return Values([size.outputs, size.rows, sequences], graph.floats("y"))
  }
}
