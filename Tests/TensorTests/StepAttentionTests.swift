import Foundation
import Tensor
import Testing

@Suite("Attention of one position")
struct StepAttentionTests {
  @Test(
    "equals plain Swift and does not look at positions to come",
    arguments: [(8, 1, 1), (64, 2, 1), (64, 3, 2)], [0, 5, 15])
  func equalsPlain(size: (channels: Int, heads: Int, sequences: Int), position: Int) throws {
    let (channels, heads, sequences) = size
    let queries = Values.random([channels, heads, 1, sequences])
    var keys = Values.random([channels * heads, 16, sequences], seed: 2)
    var values = Values.random([16, channels * heads, sequences], seed: 3)
    let expected = Values([channels * heads, 1, sequences]) { place in
      let (head, sequence) = (place[0] / channels, place[2])
      let scores = (0...position).map { key in
        (0..<channels).map {
          queries[[$0, head, 0, sequence]] * keys[[head * channels + $0, key, sequence]]
        }.reduce(0, +) / Float(channels).squareRoot()
      }
      let powers = scores.map { exp($0) }
      return zip(powers, 0...).map { $0 * values[[$1, place[0], sequence]] }.reduce(0, +)
        / powers.reduce(0, +)
    }
    // What is to come may be anything.
    for sequence in 0..<sequences {
      for later in position + 1..<max(position + 1, 16) {
        for channel in 0..<channels * heads {
          keys.elements[(sequence * 16 + later) * channels * heads + channel] = .nan
          values.elements[(sequence * channels * heads + channel) * 16 + later] = .nan
        }
      }
    }
    for threads in [1, 3] {
      let graph = try Graph(on: Backend(threads: threads)) { builder in
        #expect(builder.hasStepAttention)
        builder.output(
          "y",
          builder.stepAttention(
            builder.input("q", queries.shape), keys: builder.input("k", keys.shape),
            values: builder.input("v", values.shape), position: builder.input("p", [1], type: .int32)))
      }
      graph.set("q", queries.elements)
      graph.set("k", keys.elements)
      graph.set("v", values.elements)
      graph.set("p", [Int32(position)])
      try graph.compute()
      expectNear(Values(expected.shape, graph.floats("y")), expected, tolerance: 1e-5)
    }
  }

  @Test("is not there where ggml's own operations are used")
  func elsewhere() throws {
    _ = try Graph(on: Backend(ownKernels: false)) { builder in
      #expect(!builder.hasStepAttention)
      builder.output("y", builder.input("x", [1]) + 1)
    }
  }
}
