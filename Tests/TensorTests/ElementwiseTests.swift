import Foundation
import Tensor
import Testing

@Suite("Elementwise operations equal plain Swift")
struct ElementwiseTests {
  /// An operation on one tensor, and the same on one number.
  struct Unary: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let tensor: @Sendable (Tensor) -> Tensor
    let number: @Sendable (Double) -> Double
    var inputs = ElementwiseTests.numbers

    init(
      _ name: String, _ tensor: @escaping @Sendable (Tensor) -> Tensor,
      _ number: @escaping @Sendable (Double) -> Double
    ) {
      testDescription = name
      self.tensor = tensor
      self.number = number
    }

    func over(_ inputs: [Float]) -> Unary {
      var copy = self
      copy.inputs = inputs
      return copy
    }
  }

  /// An operation on two tensors, and the same on two numbers.
  struct Binary: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let tensor: @Sendable (Tensor, Tensor) -> Tensor
    let number: @Sendable (Double, Double) -> Double
  }

  /// More than a vector's lanes, small and large, of both signs.
  static let numbers: [Float] =
    [0, 1e-6, -1e-6, 0.5, -0.5, 1, -1, 3, -3, 9, -9, 30, -30, 100, -100] + randomFloats(50).map { $0 * 5 }

  static let unary: [Unary] = [
    Unary("x * 2.5", { $0 * 2.5 }) { $0 * 2.5 },
    Unary("x * 0", { $0 * 0 }) { _ in 0 },
    Unary("x + 3", { $0 + 3 }) { $0 + 3 },
    Unary("x - 3", { $0 - 3 }) { $0 - 3 },
    Unary("-x", { -$0 }) { -$0 },
    Unary("squared", { $0.squared() }) { $0 * $0 },
    Unary("squareRoot", { $0.squareRoot() }) { $0.squareRoot() }.over(numbers.map(abs)),
    Unary("exponential", { $0.exponential() }) { exp($0) }.over(numbers.map { max(-40, min($0, 40)) }),
    Unary("step", { $0.step() }) { $0 > 0 ? 1 : 0 },
    Unary("clamped", { $0.clamped(-2, 3) }) { min(max($0, -2), 3) },
    Unary("relu", { $0.relu() }) { max($0, 0) },
    Unary("leakyReLU", { $0.leakyReLU(0.1) }) { $0 > 0 ? $0 : 0.1 * $0 },
    Unary("gelu", { $0.gelu() }) { $0 * 0.5 * (1 + erf($0 / 2.0.squareRoot())) },
    Unary("tanh", { $0.tanh() }) { tanh($0) },
    Unary("sigmoid", { $0.sigmoid() }) { 1 / (1 + exp(-$0)) },
    Unary("softplus", { $0.softplus() }) { log1p(exp($0)) },
  ]

  static let binary: [Binary] = [
    Binary(testDescription: "a + b", tensor: { $0 + $1 }) { $0 + $1 },
    Binary(testDescription: "a - b", tensor: { $0 - $1 }) { $0 - $1 },
    Binary(testDescription: "a * b", tensor: { $0 * $1 }) { $0 * $1 },
    Binary(testDescription: "a / b", tensor: { $0 / $1 }) { $0 / $1 },
  ]

  @Test("of one tensor", arguments: unary)
  func ofOne(operation: Unary) throws {
    let input = Values([5, operation.inputs.count / 5], operation.inputs)
    let result = try evaluate([input]) { operation.tensor($0[0]) }
    expectNear(result, Values(input.shape, input.elements.map { operation.number(Double($0)).asFloat }))
  }

  @Test("of two tensors, the second repeated where it is smaller", arguments: binary)
  func ofTwo(operation: Binary) throws {
    let a = Values.random([6, 5, 4], seed: 1)
    for shape in [[6, 5, 4], [6, 5], [6], [1, 5], [6, 1, 4], [1, 1, 4], [1]] {
      var b = Values.random(shape, seed: 2)
      b.elements = b.elements.map { $0 < 0 ? $0 - 0.1 : $0 + 0.1 }
      let result = try evaluate([a, b]) { operation.tensor($0[0], $0[1]) }
      let expected = Values(a.shape) { place in
        let other = zip(place, shape).map { $1 == 1 ? 0 : $0 }
        return operation.number(Double(a[place]), Double(b[other])).asFloat
      }
      expectNear(result, expected, "a smaller operand of \(shape)")
    }
  }

  @Test("clamping leaves its source as it was")
  func clampedCopies() throws {
    let input = Values([4], [-5, -1, 1, 5])
    let result = try evaluate([input]) { tensors in
      let clamped = tensors[0].clamped(-2, 2)
      return clamped.concatenated(tensors[0], along: 0)
    }
    #expect(result.elements == [-2, -1, 1, 2, -5, -1, 1, 5])
  }

  @Test(
    "softmax of every row, times a scale, also where e to the power would overflow", arguments: [1, 0.125, 3])
  func softmax(scale: Float) throws {
    for (columns, magnitude) in [(1, Float(1)), (7, 1), (100, 20), (33, 2_000)] {
      var input = Values.random([columns, 6])
      input.elements = input.elements.map { $0 * magnitude }
      let result = try evaluate([input]) { $0[0].softmax(scale: scale) }
      let expected = Values(input.shape) { place in
        let row = (0..<columns).map { Double(scale * input[[$0, place[1]]]) }
        let largest = row.max() ?? 0
        return (exp(row[place[0]] - largest) / row.map { exp($0 - largest) }.reduce(0, +)).asFloat
      }
      expectNear(result, expected, "rows of \(columns)")
    }
  }
}
