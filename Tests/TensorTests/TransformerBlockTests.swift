import Foundation
import Tensor
import Testing

@Suite("The parts of a transformer's block")
struct TransformerBlockTests {
  /// Layers of given sizes on an engine, computed from the same values in plain Swift.
  private struct Block {
    let (width, channels, hidden): (Int, Int, Int)
    let matrices: [Values]
    let biases: [Values]
    let (scale, shift): (Values, Values)

    init(width: Int, channels: Int, hidden: Int) {
      (self.width, self.channels, self.hidden) = (width, channels, hidden)
      let sizes = [(width, channels), (channels, hidden), (hidden, channels)]
      matrices = sizes.enumerated().map { .random([$1.0, $1.1], seed: UInt64($0) + 10) }
      biases = sizes.enumerated().map { .random([$1.1], seed: UInt64($0) + 20) }
      (scale, shift) = (.random([channels], seed: 30), .random([channels], seed: 31))
    }

    func linear(_ index: Int, _ rows: Values, isBiased: Bool = true) -> Values {
      let product = rows.times(matrices[index])
      return Values(product.shape) { product[$0] + (isBiased ? biases[index].elements[$0[0]] : 0) }
    }

    func normed(_ rows: Values) -> Values {
      Values(rows.shape) { place in
        let row = (0..<channels).map { Double(rows[[$0, place[1]]]) }
        let mean = row.reduce(0, +) / Double(channels)
        let variance = row.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(channels)
        let normal = (row[place[0]] - mean) / (variance + 1e-3).squareRoot()
        return (normal * Double(scale.elements[place[0]]) + Double(shift.elements[place[0]])).asFloat
      }
    }

    /// What `build` makes of inputs and of the layers, which it is given in order, and of the norm.
    func evaluated(
      _ inputs: [Values], on engine: Engine, isBiased: Bool = true,
      _ build: ([Tensor], [Linear], RowNorm) -> Tensor
    ) throws -> Values {
      let backend = try engine.backend()
      let weights = Weights(on: backend, capacity: 20)
      let layers = matrices.enumerated().map { index, matrix in
        weights.linear(
          "\(index)", inputs: matrix.shape[0], outputs: matrix.shape[1],
          bias: isBiased ? HostTensor(shape: biases[index].shape, values: biases[index].elements) : nil
        ) { HostTensor(shape: matrix.shape.reversed(), values: matrix.elements) }
      }
      let norm = RowNorm(
        scale: weights.add("scale", shape: [channels], scale.elements),
        shift: weights.add("shift", shape: [channels], shift.elements), epsilon: 1e-3)
      try weights.upload()
      var shape: [Int] = []
      let graph = try Graph(on: backend) { builder in
        let tensors = inputs.enumerated().map { builder.input("\($0)", $1.shape) }
        let result = build(tensors, layers, norm)
        shape = result.shape
        builder.output("result", result)
      }
      for (index, input) in inputs.enumerated() { graph.set("\(index)", input.elements) }
      try graph.compute()
      return Values(shape, graph.floats("result"))
    }
  }

  // Rows that leave a rest of twelve, of four or none; widths that leave one of a vector or of 32; a hidden
  // layer that takes several passes.
  @Test(
    "a normalised row through a layer equals plain Swift", arguments: [1, 12, 29, 131],
    [(32, 64), (19, 33), (48, 5)])
  func normedLinear(rows: Int, shape: (channels: Int, outputs: Int)) throws {
    let block = Block(width: 4, channels: shape.channels, hidden: shape.outputs)
    let input = Values.random([shape.channels, rows])
    for (engine, isBiased) in Engine.allCases.flatMap({ [($0, true), ($0, false)] }) {
      let result = try block.evaluated([input], on: engine, isBiased: isBiased) {
        $0[0].linear($1[1], after: $2)
      }
      let expected = block.linear(1, block.normed(input), isBiased: isBiased)
      expectNear(result, expected, tolerance: 1e-4, "\(engine)")
    }
  }

  @Test(
    "a block after its attention equals plain Swift",
    arguments: [(1, 8, 32, 64), (30, 40, 19, 33), (131, 16, 32, 300), (7, 64, 33, 512)])
  func attended(rows: Int, width: Int, channels: Int, hidden: Int) throws {
    let block = Block(width: width, channels: channels, hidden: hidden)
    let (input, heads) = (Values.random([channels, rows]), Values.random([width, rows], seed: 2))
    let activations: [(Activation, (Double) -> Double)] = [
      (.none, { $0 }), (.gelu, { 0.5 * $0 * erfc(-$0 / 2.0.squareRoot()) }),
      (.mish, { $0 * tanh(log1p(exp($0))) }), (.silu, { $0 / (1 + exp(-$0)) }),
    ]
    for (activation, plain) in activations {
      let added = block.linear(0, heads)
      let attended = Values(input.shape) { input[$0] + added[$0] }
      var inner = block.linear(1, block.normed(attended))
      inner.elements = inner.elements.map { plain(Double($0)).asFloat }
      let outer = block.linear(2, inner)
      let expected = Values(input.shape) { attended[$0] + outer[$0] }
      for engine in Engine.allCases {
        let result = try block.evaluated([input, heads], on: engine) { inputs, layers, norm in
          inputs[0].attended(
            inputs[1],
            AttendedBlock(
              output: layers[0], norm: norm, up: layers[1], activation: activation, down: layers[2]))
        }
        expectNear(result, expected, tolerance: 2e-4, "\(activation), \(engine)")
      }
    }
  }

  @Test("a norm is activated, and then what all rows share is added", arguments: Engine.allCases)
  func normActivated(engine: Engine) throws {
    let block = Block(width: 1, channels: 19, hidden: 1)
    let (input, added) = (Values.random([19, 33]), Values.random([19], seed: 2))
    let normed = block.normed(input)
    for (activation, plain): (Activation, (Double) -> Double) in [
      (.mish, { $0 * tanh(log1p(exp($0))) }), (.silu, { $0 / (1 + exp(-$0)) }), (.none, { $0 }),
    ] {
      let result = try evaluate([input, block.scale, block.shift, added], on: engine) {
        $0[0].layerNorm($0[1], $0[2], epsilon: 1e-3, activation: activation, adding: $0[3])
      }
      let expected = Values(input.shape) { place in
        plain(Double(normed[place])).asFloat + added.elements[place[0]]
      }
      expectNear(result, expected, "\(activation)")
    }
  }
}
