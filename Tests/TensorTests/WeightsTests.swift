import Tensor
import Testing

@Suite("Weights")
struct WeightsTests {
  @Test("take no memory before the upload, and what their floats need after it")
  func byteCount() throws {
    let weights = Weights(on: try Backend(), capacity: 2)
    _ = weights.add("a", shape: [100, 3], randomFloats(300))
    _ = weights.add("b", shape: [1], [1])
    #expect(weights.byteCount == 0)
    try weights.upload()
    // Every tensor starts at an address that vectors like.
    #expect((301 * 4..<301 * 4 + 512).contains(weights.byteCount))
  }

  @Test("arrive in a graph as they were given, by value or by a closure")
  func values() throws {
    let backend = try Backend()
    let weights = Weights(on: backend, capacity: 2)
    let byValue = weights.add("a", shape: [3], [1, 2, 3])
    let byClosure = weights.add("b", shape: [3]) { for index in $0.indices { $0[index] = Float(index * 10) } }
    try weights.upload()
    let graph = try Graph(on: backend) { $0.output("y", $0.input("x", [3]) * byValue + byClosure) }
    graph.set("x", [1, 1, 2] as [Float])
    try graph.compute()
    #expect(graph.floats("y") == [1, 12, 26])
  }
}
