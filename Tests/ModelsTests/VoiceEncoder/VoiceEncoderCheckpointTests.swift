import Foundation
import Models
import Tensor
import Testing

@Suite("A checkpoint that is not a VoiceEncoder's is refused with its file and key")
struct VoiceEncoderCheckpointTests {
  private static let file = "ve.safetensors"

  @Test(
    "the tensor that is missing is named, a whole layer among them",
    arguments: [
      "lstm.bias_hh_l0", "lstm.weight_ih_l1", "lstm.weight_ih_l2", "lstm.weight_hh_l2", "proj.weight",
    ])
  func missing(key: String) throws {
    #expect(throws: TensorError.missingTensor(file: Self.file, key: key)) {
      try load { $0.replacingOccurrences(of: "\"\(key)\"", with: "\"x\(key)\"") }
    }
  }

  @Test("weights that do not fit what goes into them, or one another, are named")
  func wrongShape() throws {
    let shapes: [(key: String, expected: [Int], found: [Int])] = [
      ("lstm.weight_ih_l0", [256, 40], [256, 80]),
      ("lstm.weight_ih_l1", [256, 64], [256, 32]),
      ("lstm.weight_hh_l1", [256, 64], [256, 63]),
      ("lstm.bias_ih_l2", [256], [64]),
      ("proj.weight", [256, 64], [256, 128]),
      ("proj.bias", [256], [255]),
    ]
    for (key, expected, found) in shapes {
      let error = TensorError.wrongShape(file: Self.file, key: key, expected: expected, found: found)
      #expect(throws: error, "\(key)") {
        try load { list in
          list.replacingOccurrences(
            of: "\"\(key)\",\(Self.json(expected))", with: "\"\(key)\",\(Self.json(found))")
        }
      }
    }
  }

  @Test(
    "a layer of no rows, of rows that are not four gates, or of no shape is refused",
    arguments: [[0, 64], [254, 64], []])
  func oddLayer(shape: [Int]) throws {
    #expect(throws: TensorError.self) {
      try load {
        $0.replacingOccurrences(
          of: "\"lstm.weight_ih_l1\",[256,64]", with: "\"lstm.weight_ih_l1\",\(Self.json(shape))")
      }
    }
  }

  @Test("more layers than the reference's are refused, however many", arguments: [1, 40])
  func moreLayers(count: Int) throws {
    #expect(throws: TensorError.self) {
      try load { list in
        let more = (3..<3 + count).map { layer in
          """
          ["lstm.weight_ih_l\(layer)",[256,64],0.0,0.1],["lstm.weight_hh_l\(layer)",[256,64],0.0,0.1],
          ["lstm.bias_ih_l\(layer)",[256],0.0,0.1],["lstm.bias_hh_l\(layer)",[256],0.0,0.1],
          """
        }
        return list.replacingOccurrences(of: "[\"proj.weight\"", with: more.joined() + "[\"proj.weight\"")
      }
    }
  }

  private static func json(_ shape: [Int]) -> String {
    "[" + shape.map { "\($0)" }.joined(separator: ",") + "]"
  }

  /// Loads the small checkpoint after its list of tensors was changed, and has it listen.
  private func load(_ change: (String) -> String) throws {
    let list = try String(contentsOf: SyntheticCheckpoint.folder.appending(path: "ve.json"), encoding: .utf8)
    let changed = change(list)
    try #require(changed != list)
    let checkpoint = try JSONDecoder().decode(SyntheticCheckpoint.self, from: Data(changed.utf8))
    let folder = FileManager.default.temporaryDirectory.appending(path: "ve-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: Self.file)
    try checkpoint.safetensors().write(to: path)
    _ = try VoiceEncoder(Checkpoint(path: path.path), on: Backend()).embedding(of: [0.1, 0.2])
  }
}
