import Foundation
import Tensor
import Testing

@Suite("Activations of our own")
struct ActivationKernelTests {
  @Test("GELU is x times the normal distribution up to x", arguments: Engine.allCases)
  func gelu(engine: Engine) throws {
    try check(engine, { $0.gelu() }) { 0.5 * $0 * erfc(-$0 / 2.0.squareRoot()) }
  }

  @Test("GELU by tanh", arguments: Engine.allCases)
  func geluByTanh(engine: Engine) throws {
    try check(engine, { $0.geluByTanh() }) { x in
      0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
    }
  }

  @Test("Mish is x times tanh(log(1 + eˣ))", arguments: Engine.allCases)
  func mish(engine: Engine) throws {
    try check(engine, { $0.mish() }) { $0 * tanh(log1p(exp($0))) }
  }

  private func check(
    _ engine: Engine, _ ours: (Tensor) -> Tensor, _ plain: (Double) -> Double
  ) throws {
    // Across several parts of the work, with a rest; then far from zero.
    let inputs = [
      Values.random([33, 601]), Values.random([1]), Values.random([3, 2, 2, 3]),
      Values([11], [0, 1e-30, -1e-30, 20, -20, 21, -21, 88, -88, 1e4, -1e4]),
    ]
    for var input in inputs {
      if input.elements.count != 11 { input.elements = input.elements.map { $0 * 8 } }
      let result = try evaluate([input], on: engine) { ours($0[0]) }
      let expected = Values(input.shape, input.elements.map { plain(Double($0)).asFloat })
      expectNear(result, expected, tolerance: 2e-6, "\(input.shape)")
    }
  }

  @Test("what is not a number stays so", arguments: Engine.allCases)
  func notNumbers(engine: Engine) throws {
    let input = Values([2], [.nan, 1])
    #expect(try evaluate([input], on: engine) { $0[0].gelu() }.elements[0].isNaN)
    #expect(try evaluate([input], on: engine) { $0[0].mish() }.elements[0].isNaN)
  }
}
