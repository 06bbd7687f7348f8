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
    let path = FileManager.default.temporaryDirectory.appending(
      path: "damaged-\(UUID().uuidString).safetensors")
    defer { try? FileManager.default.removeItem(at: path) }
    // Another name of the same length leaves all else in place.
    var bytes = try SyntheticCheckpoint.named("s3gen").safetensors()
    let quoted = Data("\"\(key)\"".replacing("/", with: "\\/").utf8)
    let range = try #require(bytes.range(of: quoted))
    bytes[range.lowerBound + 1] = UInt8(ascii: "x")
    try bytes.write(to: path)
    #expect(throws: TensorError.missingTensor(file: path.lastPathComponent, key: key)) {
      try load(Checkpoint(path: path.path))
    }
  }
}
