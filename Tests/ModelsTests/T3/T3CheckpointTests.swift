import Models
import Tensor
import Testing

@Suite("T3 checkpoints")
struct T3CheckpointTests {
  @Test("say themselves what they hold")
  func configurations() throws {
    let standard = try SmallT3.standard.load().configuration
    #expect(standard.backbone == .llama && standard.usesGuidance && !standard.isMultilingual)
    #expect((standard.layers, standard.channels, standard.heads) == (3, 128, 2))
    #expect((standard.textVocabulary, standard.speechVocabulary) == (704, 8194))
    #expect((standard.textPositions, standard.speechPositions) == (258, 516))
    #expect(standard.hasPerceiver && standard.hasEmotion && standard.positions == nil)

    let turbo = try SmallT3.turbo.load().configuration
    #expect(turbo.backbone == .gpt2 && !turbo.usesGuidance && turbo.positions == 768)
    #expect((turbo.layers, turbo.channels, turbo.heads) == (3, 128, 2))
    #expect(!turbo.hasPerceiver && !turbo.hasEmotion && turbo.textPositions == nil)

    let nano = try SmallT3.nano.load().configuration
    #expect((nano.layers, nano.channels, nano.heads) == (2, 64, 1))
    #expect(try SmallT3.multilingual.load().configuration.isMultilingual)
  }

  @Test(
    "that lack a tensor are refused by its name",
    arguments: [
      (SmallT3.standard, "speech_head.weight"), (.standard, "tfmr.layers.1.mlp.up_proj.weight"),
      (.standard, "cond_enc.perceiver.attn.to_k.weight"), (.standard, "speech_emb.weight"),
      (.nano, "tfmr.h.1.attn.c_attn.bias"), (.nano, "tfmr.ln_f.weight"), (.nano, "tfmr.wpe.weight"),
    ])
  func missing(model: SmallT3, key: String) throws {
    let file = try model.damaged("[\"\(key)\",", "[\"elsewhere\",")
    #expect(throws: TensorError.missingTensor(file: file.name, key: key)) { try T3(file, on: Backend()) }
  }

  @Test(
    "with a tensor of another shape are refused with both shapes",
    arguments: [
      (SmallT3.standard, "tfmr.norm.weight", [128], [64]),
      (.standard, "tfmr.layers.2.self_attn.o_proj.weight", [128, 128], [128, 64]),
      (.standard, "cond_enc.spkr_enc.weight", [128, 256], [128, 255]),
      (.nano, "tfmr.h.0.attn.c_attn.weight", [64, 192], [192, 64]),
      (.nano, "tfmr.h.0.mlp.c_fc.bias", [256], [255]),
    ])
  func misshapen(model: SmallT3, key: String, expected: [Int], found: [Int]) throws {
    let file = try model.damaged("\(head(key))\(list(expected))", "\(head(key))\(list(found))")
    #expect(
      throws: TensorError.wrongShape(file: file.name, key: key, expected: expected, found: found)
    ) { try T3(file, on: Backend()) }
  }

  @Test("whose sizes no T3 can have are refused")
  func impossible() throws {
    let files = [
      try SmallT3.nano.damaged(
        "\(head("speech_emb.weight"))[6563,64]", "\(head("speech_emb.weight"))[65,64]"),
      try SmallT3.nano.damaged(
        "\(head("speech_emb.weight"))[6563,64]", "\(head("speech_emb.weight"))[6563,63]"),
      try SmallT3.nano.damaged("\(head("text_emb.weight"))[531,64]", "\(head("text_emb.weight"))[33984]"),
      try SmallT3.nano.damaged("\(head("tfmr.wpe.weight"))[768,64]", "\(head("tfmr.wpe.weight"))[1,64]"),
      try SmallT3.standard.damaged("\"text_pos_emb.emb.weight\"", "\"elsewhere\""),
    ]
    for file in files {
      #expect(throws: TensorError.self) { try T3(file, on: Backend()) }
    }
  }

  @Test("of several languages without the heads to watch are refused")
  func withoutAlignedHeads() throws {
    // The small one has three layers; the official heads are in layers 9 to 13.
    let file = try SmallT3.multilingual.damaged("tensors", "tensors")
    #expect(throws: TensorError.self) { try T3(file, on: Backend()) }
  }

  private func head(_ key: String) -> String { "[\"\(key)\"," }

  private func list(_ shape: [Int]) -> String { "[\(shape.map(String.init).joined(separator: ","))]" }
}
