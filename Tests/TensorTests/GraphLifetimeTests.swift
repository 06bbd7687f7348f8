import Testing

@testable import Tensor

@Suite("Graphs and their memory")
struct GraphLifetimeTests {
  @Test("a graph that is let go takes its nodes with it")
  func letGo() throws {
    weak var builder: GraphBuilder?
    do {
      let graph = try Graph(on: Backend(threads: 1)) { graph in
        builder = graph
        graph.output("sum", graph.input("a", [4]) + graph.input("b", [4]))
      }
      graph.set("a", [1, 2, 3, 4] as [Float])
      graph.set("b", [4, 3, 2, 1] as [Float])
      try graph.compute()
      #expect(graph.floats("sum") == [5, 5, 5, 5])
      #expect(builder != nil)
    }
    #expect(builder == nil)
  }

  @Test("graphs of one backend take turns in its memory, however often and whatever their size")
  func turns() throws {
    let backend = try Backend(threads: 1)
    let graphs = try [4, 4096, 16].map { size in
      try Graph(on: backend) { graph in graph.output("double", graph.input("x", [size]) * 2) }
    }
    for round in 1...3 {
      for (graph, size) in zip(graphs, [4, 4096, 16]) {
        graph.set("x", [Float](repeating: Float(round), count: size))
        try graph.compute()
        #expect(graph.floats("double") == [Float](repeating: Float(2 * round), count: size))
      }
    }
  }
}
