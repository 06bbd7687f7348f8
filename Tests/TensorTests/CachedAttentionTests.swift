import Foundation
import Tensor
import Testing

@Suite("Attention to a cache")
struct CachedAttentionTests {
  /// Channels of a head, heads, new positions a sequence, sequences.
  static let sizes = [
    [16, 1, 1, 1], [64, 2, 1, 3], [64, 3, 5, 2], [64, 2, 9, 1], [128, 1, 4, 1], [24, 2, 3, 2],
  ]

  @Test(
    "equals plain Swift, wherever rows lie, and looks at nothing else", arguments: sizes,
    [ElementType.float32, .float16])
  func equalsPlain(size: [Int], type: ElementType) throws {
    let (channels, heads, rows, sequences) = (size[0], size[1], size[2], size[3])
    let (width, keys, cacheRows): (Int, Int, Int) = (channels * heads, 40, 160)
    let first: [Int] = (0..<sequences).map { 20 + 3 * $0 - rows }
    let positions: [Int] = first.flatMap { Array($0..<$0 + rows) }
    var generator = SeededGenerator(seed: 3)
    let places = Array(0..<cacheRows).shuffled(using: &generator)
    // Sequences share their first ten positions.
    let tables = (0..<sequences).map { (sequence: Int) -> [Int] in
      let own = 10 + 30 * sequence
      return Array(places[..<10]) + Array(places[own..<own + 30])
    }
    let queries = Values.random([channels, heads, rows * sequences])
    // Exact in 16 bits.
    let cached: [[Float]] = [5, 6].map { seed in
      randomFloats(width * cacheRows, seed: seed).map { ($0 * 256).rounded() / 256 }
    }
    let expected = Values([width, rows * sequences]) { place in
      let (row, head) = (place[1], place[0] / channels)
      let table = tables[row / rows]
      var (sum, total): (Float, Float) = (0, 0)
      for position in 0...positions[row] {
        let start = table[position] * width
        var score: Float = 0
        for channel in 0..<channels {
          score += queries[[channel, head, row]] * cached[0][start + head * channels + channel]
        }
        let power = exp(score / Float(channels).squareRoot())
        sum += power * cached[1][start + place[0]]
        total += power
      }
      return sum / total
    }
    // Rows that no sequence looks at may be anything.
    var stored = cached
    let seen = Set(
      zip(tables, first).flatMap { table, first in table[0..<first + rows] })
    for row in 0..<cacheRows where !seen.contains(row) {
      for channel in 0..<width {
        (stored[0][row * width + channel], stored[1][row * width + channel]) = (.nan, 7)
      }
    }
    for (threads, ownKernels) in [(1, true), (3, true), (1, false)] {
      let backend = try Backend(threads: threads, ownKernels: ownKernels)
      let state = try State(on: backend, shapes: [[width, cacheRows], [width, cacheRows]], type: type)
      let reads = backend.hasCachedAttention(headChannels: channels)
      let graph = try Graph(on: backend) { builder in
        let rowsOfAll = builder.input("rows", [cacheRows], type: .int32)
        let stores = state.tensors.enumerated().map { index, table in
          builder.store(builder.input("\(index)", [width, cacheRows]), in: table, rows: rowsOfAll)
        }
        builder.output(
          "y",
          builder.cachedAttention(
            builder.input("q", queries.shape), keys: stores[0], values: stores[1],
            table: builder.input("table", [keys, sequences], type: .int32),
            positions: builder.input("positions", [rows * sequences], type: .int32),
            mask: { builder.input("mask", [keys, rows, 1, sequences]) }))
      }
      graph.set("rows", (0..<Int32(cacheRows)).map { $0 })
      // Where all rows are gathered, what is masked must be a number.
      for index in 0..<2 { graph.set("\(index)", reads ? stored[index] : cached[index]) }
      graph.set("q", queries.elements)
      graph.set("table", tables.flatMap { $0.map(Int32.init) })
      graph.set("positions", positions.map(Int32.init))
      if !reads {
        graph.set("mask", positions.flatMap { p in (0..<keys).map { $0 <= p ? 0 : -Float.infinity } })
      }
      try graph.compute()
      expectNear(Values(expected.shape, graph.floats("y")), expected, tolerance: 1e-4)
    }
  }

  @Test("is our own kernel's only on the CPU, and for heads of whole vectors")
  func kernels() throws {
    #expect(try Backend().hasCachedAttention(headChannels: 64))
    #expect(try !Backend().hasCachedAttention(headChannels: 24))
    #expect(try !Backend().hasCachedAttention(headChannels: 256))
    #expect(try !Backend(ownKernels: false).hasCachedAttention(headChannels: 64))
  }
}
