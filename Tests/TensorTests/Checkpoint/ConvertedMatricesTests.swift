import CKernels
import Foundation
import Tensor
import Testing

@Suite("Matrices converted beside their checkpoint")
struct ConvertedMatricesTests {
  private let folder: URL
  private var source: URL { folder.appending(path: "weights.safetensors") }
  private var copy: URL {
    folder.appending(path: cb_q8_is_supported() ? "weights.q8_0.packed.gguf" : "weights.q8_0.gguf")
  }

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "converted-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try save(scale: 1)
  }

  private func save(scale: Float) throws {
    var writer = SafetensorsWriter()
    writer.add(
      "a.long.key", HostTensor(shape: [32, 64], values: randomFloats(32 * 64, seed: 3).map { scale * $0 }))
    try writer.encoded().write(to: source)
  }

  /// The product of a fixed row with the matrix, and how often the matrix was read from its checkpoint.
  private func product(_ type: WeightType = .q8_0) throws -> (values: [Float], reads: Int) {
    let checkpoint = try Checkpoint(path: source.path)
    let backend = try Backend()
    let weights = Weights(on: backend, capacity: 4, matrixType: type, keptBeside: checkpoint)
    var reads = 0
    let layer = weights.linear("a.long.key", inputs: 64, outputs: 32) {
      reads += 1
      return checkpoint.checkedTensor("a.long.key")
    }
    try weights.upload()
    let graph = try Graph(on: backend) { $0.output("y", $0.input("x", [64, 1]).linear(layer)) }
    graph.set("x", randomFloats(64, seed: 5))
    try graph.compute()
    return (graph.floats("y"), reads)
  }

  @Test("the first load converts and keeps, the second reads the copy and computes the same")
  func keeps() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let first = try product()
    #expect(first.reads == 1)
    #expect(FileManager.default.fileExists(atPath: copy.path))
    let second = try product()
    #expect(second.reads == 0)
    #expect(second.values == first.values)
    let exact = try product(.float32).values
    #expect(zip(exact, first.values).allSatisfy { abs($0 - $1) < 0.1 })
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 2)
  }

  @Test("a copy of another state of the checkpoint, and a damaged one, are made again")
  func stale() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let first = try product()
    try save(scale: 2)
    let changed = try product()
    #expect(changed.reads == 1 && changed.values != first.values)
    let bytes = try Data(contentsOf: copy)
    for damaged in [Data(), bytes.prefix(20), bytes.prefix(bytes.count - 100), Data("no gguf".utf8)] {
      try damaged.write(to: copy)
      #expect(try product().values == changed.values)
    }
  }
}
