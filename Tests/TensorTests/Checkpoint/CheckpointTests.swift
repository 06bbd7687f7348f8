import Foundation
import Tensor
import Testing

@Suite("Checkpoint")
struct CheckpointTests {
  private func nested() throws -> Checkpoint {
    try Checkpoint(path: CheckpointFiles.fixtures.appending(path: "nested.pt").path)
  }

  @Test("a safetensors file's tensors are read by key, in PyTorch's order")
  func safetensors() throws {
    let file = try checkpoint(
      CheckpointFiles.safetensors(
        #"{"__metadata__":{"format":"pt"},"a.weight":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"#
          + #""b":{"dtype":"BF16","shape":[2],"data_offsets":[16,20]}}"#,
        CheckpointFiles.bytes([1, 2, 3, 4]) + [0xC0, 0x3F, 0x00, 0xC0]))
    #expect(file.keys == ["a.weight", "b"])
    #expect(try file.tensor("a.weight", shape: [2, 2]).values == [1, 2, 3, 4])
    #expect(try file.tensor("b").values == [1.5, -2])
    #expect(file.shape(of: "a.weight") == [2, 2])
    #expect(!file.contains("__metadata__"))
  }

  @Test("a file of torch.save is read as PyTorch reads it, its dictionaries joined by dots")
  func torch() throws {
    let file = try nested()
    #expect(try file.tensor("model.weight", shape: [3, 4]).values == (0..<12).map { Float($0) / 4 })
    #expect(try file.tensor("model.row").values == [1, 1.25, 1.5, 1.75])
    #expect(try file.tensor("model.half").values == [1.5, -2, 65504, 0x1p-24, .infinity])
    #expect(try file.tensor("model.brain").values.prefix(2) == [1.5, -2])
    #expect(try file.tensor("model.double").values == [0.1, -1e30])
    #expect(try file.tensor("model.scalar", shape: []).values == [7])
    #expect(try file.tensor("model.empty", shape: [0, 4]).values.isEmpty)
    #expect(try file.integers("gen.prompt_token") == [5, 6560, 0])
    #expect(try file.tensor("gen.mask").values == [1, 0])
    #expect(try file.integers("history.0") == [1, 2])
    #expect(!file.contains("step") && !file.contains("gen.prompt_feat_len"))
  }

  @Test("views that do not lie in order are read in order")
  func strided() throws {
    let file = try nested()
    #expect(try file.tensor("model.transposed", shape: [4, 3]).values.prefix(4) == [0, 1, 2, 0.25])
    #expect(try file.tensor("model.column", shape: [3]).values == [0.5, 1.5, 2.5])
  }

  @Test("a missing key and a wrong shape name the file and the key")
  func refusals() throws {
    let file = try nested()
    #expect(throws: TensorError.missingTensor(file: "nested.pt", key: "model.bias")) {
      try file.tensor("model.bias")
    }
    #expect(
      throws: TensorError.wrongShape(
        file: "nested.pt", key: "model.weight", expected: [4, 3], found: [3, 4])
    ) {
      try file.tensor("model.weight", shape: [4, 3])
    }
    #expect(throws: TensorError.self) { try file.integers("model.weight") }
  }
}
