import Foundation
import Tensor
import Testing

@Suite("WaveNet's gate equals tanh times sigmoid")
struct GatedTanhTests {
  @Test("for every width and number of rows", arguments: [1, 3, 16, 29, 192], Engine.allCases)
  func everyWidth(channels: Int, engine: Engine) throws {
    for rows in [1, 5, 63, 64, 65, 200] {
      var input = Values.random([2 * channels, rows])
      input.elements = input.elements.map { $0 * 12 }
      try check(input, on: engine)
    }
  }

  @Test("far from zero, where e to the power overflows", arguments: Engine.allCases)
  func extremes(engine: Engine) throws {
    let extremes: [Float] = [0, 1e-30, -1e-30, 15, -15, 16, 88, -88, 1e4, -1e4, 1e30, -1e30]
    let pairs = extremes.flatMap { a in extremes.flatMap { b in [a, b] } }
    try check(Values([2, extremes.count * extremes.count], pairs), on: engine)
  }

  private func check(_ input: Values, on engine: Engine) throws {
    let channels = input.shape[0] / 2
    let result = try evaluate([input], on: engine) { $0[0].gatedTanh() }
    let expected = Values([channels, input.shape[1]]) { place in
      let (a, b) = (Double(input[place]), Double(input[[place[0] + channels, place[1]]]))
      return (tanh(a) / (1 + exp(-b))).asFloat
    }
    expectNear(result, expected, tolerance: 2e-6, "\(input.shape)")
  }
}
