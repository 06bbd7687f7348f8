import Foundation
import Models
import Tensor
import Testing

@Suite("S3Gen's bad input")
struct S3GenBadInputTests {
  @Test(
    "a checkpoint that lacks a tensor is an error that names the file and the tensor",
    arguments: [
      "flow.input_embedding.weight", "flow.encoder.embed.out.1.bias",
      "flow.encoder.encoders.0.self_attn.pos_bias_v", "flow.encoder.encoders.0.norm_mha.weight",
      "flow.encoder.up_layer.conv.weight", "flow.encoder_proj.weight",
      "flow.decoder.estimator.mid_blocks.0.0.block1.block.0.weight",
      "flow.decoder.estimator.mid_blocks.0.1.0.norm1.weight",
      "flow.decoder.estimator.down_blocks.0.1.0.attn1.to_q.weight",
      "flow.decoder.estimator.time_mlp.linear_2.weight",
    ])
  func missingTensor(key: String) throws {
    do {
      _ = try S3GenGolden.smallModel("turbo") { $0.removeAll { $0.name == key } }
      Issue.record("a model without \(key) was loaded")
    } catch let error as TensorError {
      guard case .missingTensor(let file, key) = error else { throw error }
      #expect(file.hasSuffix(".safetensors"))
    }
  }

  @Test("a file that is no S3Gen is an error")
  func otherModel() throws {
    let backend = try Backend()
    let path = SyntheticCheckpoint.folder.path + "/conds.pt"
    #expect(throws: TensorError.missingTensor(file: "conds.pt", key: "flow.input_embedding.weight")) {
      _ = try S3Gen(Checkpoint(path: path), on: backend)
    }
  }

  @Test("tokens, voices, noise and steps that do not fit are errors of their own")
  func badArguments() throws {
    let generator = try S3GenGolden.smallModel("turbo")
    let voice = try S3GenGolden.voice()
    func expect(
      _ error: S3GenError, tokens: [Int32] = [1], noise: S3GenNoise = .seed(1), steps: Int? = nil,
      sourceLocation: SourceLocation = #_sourceLocation, changing: (inout S3GenReference) -> Void = { _ in }
    ) {
      var changed = voice
      changing(&changed)
      #expect(throws: error, sourceLocation: sourceLocation) {
        try generator.mel(of: tokens, voice: changed, noise: noise, steps: steps)
      }
    }
    expect(.noTokens, tokens: [])
    expect(.unknownToken(6561, vocabulary: 6561), tokens: [6560, 6561])
    expect(.unknownToken(-1, vocabulary: 6561), tokens: [-1])
    expect(.unknownToken(.max, vocabulary: 6561)) { $0.promptTokens[0] = .max }
    expect(.badSteps(0), steps: 0)
    let frames = 2 * (voice.promptTokens.count + 1)
    expect(.badNoise(values: 80, expected: 80 * frames), noise: .values([Float](repeating: 0, count: 80)))
    let (values, tokens) = (voice.promptMel.count, voice.promptTokens.count)
    let badMel = { (values: Int) in S3GenError.badPromptMel(values: values, tokens: tokens, channels: 80) }
    expect(badMel(values - 1)) { $0.promptMel.removeLast() }
    expect(badMel(values - 160)) { $0.promptMel.removeLast(160) }
    expect(badMel(0)) { $0.promptMel = [] }
    expect(badMel(values)) { $0.promptMel[3] = .nan }
    expect(.badSpeakerEmbedding(elements: 191, expected: 192)) { $0.speakerEmbedding.removeLast() }
    expect(.badSpeakerEmbedding(elements: 192, expected: 192)) { $0.speakerEmbedding[0] = .infinity }
  }
}
