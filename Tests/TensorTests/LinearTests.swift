import Tensor
import Testing

@Suite("Matrix products and normalisation equal plain Swift")
struct LinearTests {
  @Test(
    "a linear layer, with and without bias",
    arguments: [(1, 1, 1), (3, 5, 7), (16, 33, 1), (29, 16, 13), (64, 192, 4), (192, 1, 3)])
  func linear(inputs: Int, outputs: Int, rows: Int) throws {
    let (input, weight) = (Values.random([inputs, rows]), Values.random([inputs, outputs], seed: 2))
    let bias = Values.random([outputs], seed: 3)
    let product = input.times(weight)
    expectNear(try evaluate([input, weight]) { $0[0].linear($0[1]) }, product, tolerance: 1e-4)
    expectNear(
      try evaluate([input, weight, bias]) { $0[0].linear($0[1], $0[2]) },
      Values(product.shape) { product[$0] + bias[[$0[0]]] }, tolerance: 1e-4)
  }

  @Test("a product a batch, with a weight a batch or one for all", arguments: [1, 3])
  func batches(weights: Int) throws {
    let (input, weight) = (Values.random([8, 5, 3]), Values.random([8, 6, weights], seed: 2))
    let result = try evaluate([input, weight]) { $0[0].matrixProduct($0[1]) }
    let expected = Values([6, 5, 3]) { place in
      (0..<8).map { input[[$0, place[1], place[2]]] * weight[[$0, place[0], place[2] % weights]] }.reduce(
        0, +)
    }
    expectNear(result, expected)
  }

  @Test("layer normalisation of every row, also of a constant one", arguments: [1, 3, 16, 19, 192])
  func layerNorm(channels: Int) throws {
    var input = Values.random([channels, 5])
    for channel in 0..<channels { input.elements[channel] = 0.25 }
    let (scale, shift) = (Values.random([channels], seed: 2), Values.random([channels], seed: 3))
    for (epsilon, engine): (Float, Engine) in [1e-5, 0.1].flatMap({ epsilon in
      Engine.allCases.map { (epsilon, $0) }
    }) {
      let result = try evaluate([input, scale, shift], on: engine) {
        $0[0].layerNorm($0[1], $0[2], epsilon: epsilon)
      }
      let expected = Values(input.shape) { place in
        let row = (0..<channels).map { Double(input[[$0, place[1]]]) }
        let mean = row.reduce(0, +) / Double(channels)
        let variance = row.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(channels)
        let normal = (row[place[0]] - mean) / (variance + Double(epsilon)).squareRoot()
        return (normal * Double(scale[[place[0]]]) + Double(shift[[place[0]]])).asFloat
      }
      expectNear(result, expected, tolerance: 1e-4, "epsilon \(epsilon), \(engine)")
    }
  }
}
