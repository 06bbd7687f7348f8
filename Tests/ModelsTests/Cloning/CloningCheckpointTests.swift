import Foundation
import Models
import Tensor
import Testing

@Suite("A checkpoint that cannot clone voices is refused with its file and key")
struct CloningCheckpointTests {
  static let tokenizerKeys = [
    "tokenizer.encoder.conv1.weight", "tokenizer.encoder.blocks.0.attn.query.weight",
    "tokenizer.encoder.blocks.1.attn.fsmn_block.weight", "tokenizer.encoder.blocks.1.mlp_ln.bias",
    "tokenizer.quantizer._codebook.project_down.weight",
  ]
  static let speakerKeys = [
    "speaker_encoder.head.conv1.weight", "speaker_encoder.head.layer1.0.shortcut.1.running_var",
    "speaker_encoder.xvector.block1.tdnnd1.linear1.weight",
    "speaker_encoder.xvector.block2.tdnnd1.cam_layer.linear2.weight",
    "speaker_encoder.xvector.dense.nonlinear.batchnorm.running_mean",
  ]

  @Test("the tokenizer names the tensor that is missing", arguments: tokenizerKeys)
  func tokenizer(key: String) throws {
    try expectRefusal(of: key) { _ = try S3Tokenizer($0, on: Backend()) }
  }

  @Test("the speaker encoder names the tensor that is missing", arguments: speakerKeys)
  func speaker(key: String) throws {
    try expectRefusal(of: key) { _ = try CAMPPlus($0, on: Backend()) }
  }

  private func expectRefusal(of key: String, _ load: (Checkpoint) throws -> Void) throws {
    // Another name of the same length leaves all else in place.
    var bytes = try CloningGolden.checkpointBytes.get()
    let quoted = Data("\"\(key)\"".utf8)
    let range = try #require(bytes.range(of: quoted))
    bytes[range.lowerBound + 1] = UInt8(ascii: "x")
    try CloningGolden.withCheckpoint(bytes) { checkpoint in
      #expect(throws: TensorError.missingTensor(file: checkpoint.name, key: key)) { try load(checkpoint) }
    }
  }

  @Test("weights of other shapes than the network's are refused, and not read")
  func otherShapes() throws {
    let bytes = try CloningGolden.checkpointBytes.get()
    let shapes = [
      ("tokenizer.encoder.conv2.weight", "[128,128,3]", "[128,3,128]"),
      ("tokenizer.encoder.conv1.weight", "[128,128,3]", "[3,128,128]"),
      ("tokenizer.encoder.conv1.weight", "[128,128,3]", "[1,128,384]"),
      ("speaker_encoder.head.conv1.weight", "[32,1,3,3]", "[1,32,3,3]"),
      ("speaker_encoder.head.conv2.weight", "[32,32,3,3]", "[32,32,9,1]"),
      ("speaker_encoder.xvector.dense.linear.weight", "[192,256,1]", "[256,192,1]"),
    ]
    for (key, shape, other) in shapes {
      let changed = try bytes.changing(shape, to: other, ofTensor: key)
      try CloningGolden.withCheckpoint(changed) { checkpoint in
        #expect(throws: TensorError.self, "\(key) of \(other)") {
          let backend = try Backend()
          _ =
            try key.hasPrefix("tokenizer")
            ? S3Tokenizer(checkpoint, on: backend).weightBytes : CAMPPlus(checkpoint, on: backend).weightBytes
        }
      }
    }
  }
}

extension Data {
  /// A safetensors file in which one tensor's entry has other text of the same length.
  fileprivate func changing(_ text: String, to other: String, ofTensor key: String) throws -> Data {
    var copy = self
    let name = try #require(copy.range(of: Data("\"\(key)\"".utf8)))
    let end = try #require(copy.range(of: Data("}".utf8), in: name.upperBound..<copy.count))
    let range = try #require(copy.range(of: Data(text.utf8), in: name.upperBound..<end.lowerBound))
    copy.replaceSubrange(range, with: Data(other.utf8))
    return copy
  }
}
