import Foundation
import Tensor
import Testing

@Suite("Tables that stay in their file")
struct MappedTableTests {
  @Test("give the file's rows, by our kernels' backend and by ggml's", arguments: [true, false])
  func rows(ownKernels: Bool) throws {
    let values = randomFloats(7 * 5)
    var writer = SafetensorsWriter()
    writer.add("other", HostTensor(shape: [3], values: [1, 2, 3]))
    writer.add("table", HostTensor(shape: [7, 5], values: values))
    let checkpoint = try checkpoint(writer.encoded())
    let backend = try Backend(ownKernels: ownKernels)
    let weights = Weights(on: backend, capacity: 4)
    let table = weights.table("table", shape: [5, 7], in: checkpoint)
    let again = weights.table("other", shape: [3, 1], in: checkpoint)
    try weights.upload()
    // What has been read may be forgotten at any time.
    checkpoint.forget()
    let graph = try Graph(on: backend) { builder in
      builder.output("rows", builder.input("indices", [3], type: .int32).rows(of: table))
      builder.output("sum", builder.use(again) + builder.use(again))
    }
    graph.set("indices", [6, 0, 6] as [Int32])
    try graph.compute()
    #expect(graph.floats("rows") == Array(values[30...]) + Array(values[..<5]) + Array(values[30...]))
    #expect(graph.floats("sum") == [2, 4, 6])
  }
}
