import CKernels
import Tensor
import Testing

@Suite("Matrices of packed 8-bit blocks", .enabled(if: cb_q8_is_supported()))
struct PackedBlocksTests {
  @Test(
    "give ggml's own products", arguments: [(32, 1), (64, 16), (96, 37), (1024, 200)],
    [1, 2, 3, 4, 7, 8, 13, 40])
  func equalsGGML(size: (inputs: Int, outputs: Int), rows: Int) throws {
    let theirs = try product(size, rows, on: Backend(ownKernels: false))
    for threads in [1, 3] {
      // ggml rounds the input's scales to 16 bits, we do not.
      expectNear(try product(size, rows, on: Backend(threads: threads)), theirs, tolerance: 1e-2)
    }
  }

  @Test("have a bias, and take sliced rows and further dimensions")
  func bias() throws {
    let theirs = try product((64, 5), 3, bias: true, sequences: 2, on: Backend(ownKernels: false))
    #expect(theirs.shape == [5, 3, 2])
    expectNear(try product((64, 5), 3, bias: true, sequences: 2, on: Backend()), theirs, tolerance: 1e-2)
  }

  @Test("zeros stay zeros, and the largest numbers are kept")
  func extremes() throws {
    let shape = cb_q8_shape(outputs: 3, inputs: 32)
    let weights = Weights(on: try Backend(), capacity: 1, matrixType: .q8_0)
    let layer = weights.linear("w", inputs: 32, outputs: 3) {
      HostTensor(
        shape: [3, 32], values: (0..<96).map { $0 < 32 ? 0 : $0 < 64 ? 1 : -1 })
    }
    try weights.upload()
    let graph = try Graph(on: Backend()) { builder in
      builder.output("y", builder.input("x", [32, 3]).linear(layer))
    }
    graph.set("x", (0..<96).map { $0 < 32 ? 0 : $0 < 64 ? 1e30 : -2 })
    try graph.compute()
    let values = graph.floats("y")
    #expect(values[0...3].allSatisfy { $0 == 0 })
    #expect(abs(values[4] / 32e30 - 1) < 1e-3 && abs(values[5] / -32e30 - 1) < 1e-3)
    #expect(values[6] == 0 && abs(values[7] + 64) < 0.1 && abs(values[8] - 64) < 0.1)
    // Sixteen rows are packed together, the missing ones as zeros: 512 bytes and 16 scales a block.
    #expect(cb_q8_packed_size(shape) == 544)
  }

  private func product(
    _ size: (inputs: Int, outputs: Int), _ rows: Int, bias: Bool = false, sequences: Int = 1,
    on backend: Backend
  ) throws -> Values {
    let weights = Weights(on: backend, capacity: 2, matrixType: .q8_0)
    let layer = weights.linear(
      "w", inputs: size.inputs, outputs: size.outputs,
      bias: bias ? HostTensor(shape: [size.outputs], values: randomFloats(size.outputs, seed: 3)) : nil
    ) {
      HostTensor(
        shape: [size.outputs, size.inputs], values: randomFloats(size.outputs * size.inputs, seed: 2))
    }
    try weights.upload()
    let graph = try Graph(on: backend) { builder in
      let all = builder.input("x", [size.inputs, rows + 1, sequences])
      builder.output("y", all.slice(1, 1..<rows + 1).linear(layer))
    }
    graph.set("x", randomFloats(size.inputs * (rows + 1) * sequences))
    try graph.compute()
    return Values([size.outputs, rows, sequences], graph.floats("y"))
  }
}
