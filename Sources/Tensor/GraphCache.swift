/// Keeps the graphs of the shapes seen last, since building one costs more than running a small one.
public struct GraphCache<Shape: Hashable> {
  private let capacity: Int
  private var graphs: [Shape: Graph] = [:]
  private var order: [Shape] = []

  /// Creates a cache that keeps the `capacity` graphs used last.
  public init(capacity: Int) {
    self.capacity = max(1, capacity)
  }

  /// The graph of a shape, built now if it is not kept.
  public mutating func graph(
    for shape: Shape, build: () throws(TensorError) -> Graph
  ) throws(TensorError) -> Graph {
    if let graph = graphs[shape] {
      if order.last != shape {
        order.removeAll { $0 == shape }
        order.append(shape)
      }
      return graph
    }
    if order.count >= capacity {
      graphs[order.removeFirst()] = nil
    }
    let graph = try build()
    graphs[shape] = graph
    order.append(shape)
    return graph
  }

  /// How many graphs are kept.
  public var count: Int { graphs.count }
}
