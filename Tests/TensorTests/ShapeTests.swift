import Tensor
import Testing

@Suite("Shape operations equal plain Swift")
struct ShapeTests {
  private let input = Values.random([5, 4, 3, 2])

  @Test("a new shape keeps the elements' order", arguments: [[120], [20, 6], [4, 5, 6], [2, 3, 4, 5]])
  func reshaped(shape: [Int]) throws {
    let result = try evaluate([input]) { $0[0].reshaped(shape) }
    #expect(result.shape == shape)
    #expect(result.elements == input.elements)
  }

  @Test(
    "permuting sends dimension i to order[i]",
    arguments: [[0, 1, 2, 3], [1, 0], [0, 2, 1], [2, 0, 1], [1, 2, 0, 3], [3, 2, 1, 0]])
  func permuted(order: [Int]) throws {
    let full = order + (order.count..<4)
    var shape = input.shape
    for (source, target) in full.enumerated() { shape[target] = input.shape[source] }
    let expected = Values(shape) { place in input[full.map { place[$0] }] }
    expectNear(try evaluate([input]) { $0[0].permuted(order) }, expected, tolerance: 0)
    expectNear(try evaluate([input]) { $0[0].permuted(order).contiguous() + 0 }, expected, tolerance: 0)
  }

  @Test("a slice is a range of one dimension", arguments: 0..<4)
  func slice(dimension: Int) throws {
    let size = input.shape[dimension]
    for range in [0..<1, 0..<size, size - 1..<size, 1..<size] {
      var shape = input.shape
      shape[dimension] = range.count
      let expected = Values(shape) { place in
        var source = place
        source[dimension] += range.lowerBound
        return input[source]
      }
      let result = try evaluate([input]) { $0[0].slice(dimension, range) }
      expectNear(result, expected, tolerance: 0, "\(range) of dimension \(dimension)")
    }
  }

  @Test("concatenating puts one tensor after another", arguments: 0..<4)
  func concatenated(dimension: Int) throws {
    var shape = input.shape
    shape[dimension] = 3
    let other = Values.random(shape, seed: 2)
    shape[dimension] += input.shape[dimension]
    let expected = Values(shape) { place in
      var source = place
      source[dimension] -= input.shape[dimension]
      return source[dimension] < 0 ? input[place] : other[source]
    }
    let result = try evaluate([input, other]) { $0[0].concatenated($0[1], along: dimension) }
    expectNear(result, expected, tolerance: 0)
  }

  @Test("padding puts zeros before and after", arguments: [0, 1])
  func padded(dimension: Int) throws {
    for (before, after) in [(0, 0), (1, 0), (0, 2), (3, 5)] {
      var shape = input.shape
      shape[dimension] += before + after
      let expected = Values(shape) { place in
        var source = place
        source[dimension] -= before
        return (0..<input.shape[dimension]).contains(source[dimension]) ? input[source] : 0
      }
      let result = try evaluate([input]) { $0[0].padded(dimension, before: before, after: after) }
      expectNear(result, expected, tolerance: 0, "\(before) before, \(after) after")
    }
  }

  @Test("sums and running sums go along the fastest dimension", arguments: [1, 7, 64, 300])
  func sums(columns: Int) throws {
    let input = Values.random([columns, 3, 2])
    let sums = Values(input.shape) { place in
      (0...place[0]).map { Double(input[[$0, place[1], place[2]]]) }.reduce(0, +).asFloat
    }
    expectNear(try evaluate([input]) { $0[0].cumulativeSum() }, sums)
    expectNear(
      try evaluate([input]) { $0[0].sumOfRows() },
      Values([1, 3, 2]) { sums[[columns - 1, $0[1], $0[2]]] })
  }

  @Test("repeating fills another tensor's shape")
  func repeated() throws {
    for shape in [[1], [5], [1, 4], [5, 1, 3], [5, 2, 3, 1]] {
      let small = Values.random(shape)
      let result = try evaluate([small, input]) { $0[0].repeated(like: $0[1]) }
      let expected = Values(input.shape) { place in small[zip(place, shape).map { $0 % $1 }] }
      expectNear(result, expected, tolerance: 0, "from \(shape)")
    }
  }

  @Test("indices take rows of a table, in any order and more than once")
  func rows() throws {
    let table = Values.random([6, 9])
    let indices: [Int32] = [8, 0, 3, 3, 7, 0]
    let backend = try Backend()
    let graph = try Graph(on: backend) { builder in
      let table = builder.input("table", table.shape)
      builder.output("rows", builder.input("indices", [indices.count], type: .int32).rows(of: table))
    }
    graph.set("table", table.elements)
    graph.set("indices", indices)
    try graph.compute()
    #expect(graph.floats("rows") == indices.flatMap { row in (0..<6).map { table[[$0, Int(row)]] } })
  }

  @Test("skewing reads rows of another length than they were written with")
  func skewed() throws {
    let input = Values.random([10, 6, 2])
    let result = try evaluate([input]) { $0[0].skewed([4, 5, 2], row: 9, batch: 60, first: 3) }
    let expected = Values([4, 5, 2]) { input.elements[3 + $0[0] + 9 * $0[1] + 60 * $0[2]] }
    expectNear(result, expected, tolerance: 0)
  }

  @Test("shape, size and count describe a tensor, without trailing ones")
  func description() throws {
    _ = try Graph(on: Backend()) { builder in
      let tensor = builder.input("x", [3, 1, 2, 1])
      #expect(tensor.shape == [3, 1, 2])
      #expect((0..<4).map(tensor.size) == [3, 1, 2, 1])
      #expect(tensor.count == 6)
      #expect(builder.input("y", [1]).shape == [1])
      builder.output("x", tensor)
    }
  }
}
