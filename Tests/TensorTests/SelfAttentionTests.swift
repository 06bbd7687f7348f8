import Foundation
import Tensor
import Testing

@Suite("Attention of a whole sequence")
struct SelfAttentionTests {
  @Test(
    "equals plain Swift, whatever lengths and widths leave over in blocks",
    arguments: [1, 33, 49, 251], [(1, 32), (3, 8), (2, 33)])
  func equalsPlain(length: Int, shape: (heads: Int, channels: Int)) throws {
    let attention = Attention(heads: shape.heads, channels: shape.channels, length: length)
    let expected = attention.plain()
    for engine in Engine.allCases {
      let result = try evaluate([attention.queries, attention.keys, attention.values], on: engine) {
        $0[0].attention(to: $0[1], $0[2], heads: shape.heads)
      }
      expectNear(result, expected, "\(engine)")
    }
  }

  @Test(
    "adds what every query thinks of a key's distance",
    arguments: [1, 2, 48, 90, 125], [(1, 32), (3, 4)])
  func distances(length: Int, shape: (heads: Int, channels: Int)) throws {
    let attention = Attention(heads: shape.heads, channels: shape.channels, length: length)
    let width = attention.queries.shape[0]
    let positions = Values.random([width, 2 * length - 1], seed: 4)
    let biases = (Values.random([width], seed: 5), Values.random([width], seed: 6))
    let inputs = [attention.queries, attention.keys, attention.values, positions, biases.0, biases.1]
    for engine in Engine.allCases {
      let result = try evaluate(inputs, on: engine) {
        $0[0].attention(
          to: $0[1], $0[2], heads: shape.heads,
          distances: AttentionDistances(positions: $0[3], contentBias: $0[4], positionBias: $0[5]))
      }
      expectNear(result, attention.plain(positions: positions, biases: biases), "\(engine)")
    }
  }

  @Test("queries, keys and values may be slices of the same rows", arguments: Engine.allCases)
  func slices(engine: Engine) throws {
    let attention = Attention(heads: 2, channels: 5, length: 45)
    let joined = Values([30, 45]) { place in
      let part = [attention.queries, attention.keys, attention.values][place[0] / 10]
      return part[[place[0] % 10, place[1]]]
    }
    let result = try evaluate([joined], on: engine) {
      $0[0].slice(0, 0..<10).attention(to: $0[0].slice(0, 10..<20), $0[0].slice(0, 20..<30), heads: 2)
    }
    expectNear(result, attention.plain())
  }

  @Test("scores that no exponential holds still give weights", arguments: Engine.allCases)
  func largeScores(engine: Engine) throws {
    var attention = Attention(heads: 2, channels: 8, length: 50)
    attention.queries.elements = attention.queries.elements.map { $0 * 1e4 }
    attention.values.elements = attention.values.elements.map { abs($0) + 1 }
    let result = try evaluate([attention.queries, attention.keys, attention.values], on: engine) {
      $0[0].attention(to: $0[1], $0[2], heads: 2)
    }
    expectNear(result, attention.plain(), tolerance: 1e-3)
  }
}

/// An attention in plain Swift.
private struct Attention {
  let heads: Int
  let channels: Int
  let length: Int
  var queries: Values
  let keys: Values
  var values: Values

  init(heads: Int, channels: Int, length: Int) {
    (self.heads, self.channels, self.length) = (heads, channels, length)
    let shape = [heads * channels, length]
    (queries, keys, values) = (.random(shape), .random(shape, seed: 2), .random(shape, seed: 3))
  }

  func plain(positions: Values? = nil, biases: (content: Values, position: Values)? = nil) -> Values {
    let weights = (0..<heads).map { head in
      (0..<length).map { query in
        let scores = (0..<length).map { key in
          let content = product(head, queries, query, keys, key, biases?.content)
          guard let positions else { return content }
          return content
            + product(head, queries, query, positions, length - 1 - query + key, biases?.position)
        }
        let highest = scores.max() ?? 0
        let powers = scores.map { exp(($0 - highest) / Double(channels).squareRoot()) }
        let sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
      }
    }
    return Values([heads * channels, length]) { place in
      weights[place[0] / channels][place[1]].enumerated()
        .reduce(0) { $0 + $1.element * Double(values[[place[0], $1.offset]]) }.asFloat
    }
  }

  private func product(
    _ head: Int, _ a: Values, _ row: Int, _ b: Values, _ other: Int, _ bias: Values?
  ) -> Double {
    (head * channels..<(head + 1) * channels).reduce(0) {
      $0 + Double(a[[$1, row]] + (bias?.elements[$1] ?? 0)) * Double(b[[$1, other]])
    }
  }
}
