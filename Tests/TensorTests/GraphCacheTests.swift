import Tensor
import Testing

@Suite("GraphCache")
struct GraphCacheTests {
  private let backend: Backend

  init() throws {
    backend = try Backend()
  }

  private func graph(_ size: Int) throws(TensorError) -> Graph {
    try Graph(on: backend) { $0.output("y", $0.input("x", [size]) + 1) }
  }

  /// The graph of a size, and whether it was built for this call.
  private func use(_ size: Int, in cache: inout GraphCache<Int>) throws -> (graph: Graph, isNew: Bool) {
    var isNew = false
    let graph = try cache.graph(for: size) { () throws(TensorError) in
      isNew = true
      return try self.graph(size)
    }
    return (graph, isNew)
  }

  @Test("gives the same graph again")
  func same() throws {
    var cache = GraphCache<Int>(capacity: 2)
    let first = try use(1, in: &cache)
    let second = try use(1, in: &cache)
    #expect(first.isNew)
    #expect(!second.isNew)
    #expect(first.graph === second.graph)
  }

  @Test("drops the graph that was used longest ago")
  func eviction() throws {
    var cache = GraphCache<Int>(capacity: 3)
    let built = try [1, 2, 3, 1, 4, 1, 3, 2, 1, 4].map { try use($0, in: &cache).isNew }
    #expect(built == [true, true, true, false, true, false, false, true, false, true])
    #expect(cache.count == 3)
  }

  @Test("frees the dropped graph before it builds the next")
  func freesFirst() throws {
    var cache = GraphCache<Int>(capacity: 1)
    weak let old = try use(1, in: &cache).graph
    #expect(old != nil)
    _ = try cache.graph(for: 2) { () throws(TensorError) in
      #expect(old == nil)
      return try graph(2)
    }
  }

  @Test("keeps nothing of a graph that could not be built, and goes on")
  func failure() throws {
    var cache = GraphCache<Int>(capacity: 2)
    let failure = TensorError.deviceFailed(device: "test", doing: "building")
    #expect(throws: failure) { _ = try cache.graph(for: 1) { () throws(TensorError) in throw failure } }
    #expect(cache.count == 0)
    #expect(try use(1, in: &cache).isNew)
    #expect(cache.count == 1)
  }

  @Test("keeps one graph even when told to keep none")
  func noCapacity() throws {
    var cache = GraphCache<Int>(capacity: 0)
    #expect(try use(1, in: &cache).isNew)
    #expect(try !use(1, in: &cache).isNew)
    #expect(cache.count == 1)
  }
}
