import Foundation
import Models
import Tensor
import Testing

private let parityFolder = ProcessInfo.processInfo.environment["CHATTERBOX_PARITY"]

/// One whole run of the reference's `generate()` with every random choice fixed
/// (`tools/reference/chatterbox/end_to_end.py`), and ours on the same weights and noise.
private struct EndToEnd {
  let model: String
  let golden: Checkpoint
  let settings: Settings
  let folder: URL

  struct Settings: Decodable {
    let options: [String: Number]
    let alignedHeads: [[Int]]
    let tokens: Int

    enum CodingKeys: String, CodingKey {
      case options, tokens
      case alignedHeads = "aligned_heads"
    }
  }

  /// A number, or something else that is not looked at.
  struct Number: Decodable {
    let value: Float?

    init(from decoder: any Decoder) throws {
      value = try? decoder.singleValueContainer().decode(Float.self)
    }
  }

  init(_ model: String, golden path: String, folder: URL) throws {
    self.model = model
    self.folder = folder
    golden = try Checkpoint(path: path)
    let json = try #require(golden.metadata["settings"])
    settings = try JSONDecoder().decode(Settings.self, from: Data(json.utf8))
  }

  static let files = [
    "standard": ("t3_cfg", "s3gen"), "turbo": ("t3_turbo_v1", "s3gen_meanflow"),
    "nano": ("t3_nano_v1", "s3gen_meanflow"), "multilingual": ("t3_mtl23ls_v2", "s3gen"),
  ]

  private func checkpoint(_ name: String) throws -> Checkpoint {
    let files = [".safetensors", ".pt"].map { folder.appending(path: name + $0).path }
    return try Checkpoint(path: try #require(files.first { FileManager.default.fileExists(atPath: $0) }))
  }

  private func option(_ name: String) -> Float? { settings.options[name]?.value }

  /// T3's speech tokens for the golden text tokens.
  func speechTokens() throws -> [Int32] {
    let names = try #require(Self.files[model])
    let t3 = try T3(
      checkpoint(names.0), on: Backend(),
      alignedHeads: settings.alignedHeads.map { AlignedHead(layer: $0[0], head: $0[1]) })
    let conditions = try Checkpoint(path: folder.appending(path: "conds.pt").path)
    let condition = T3Condition(
      speakerEmbedding: try conditions.tensor("t3.speaker_emb").values,
      promptTokens: try conditions.integers("t3.cond_prompt_speech_tokens"),
      exaggeration: option("exaggeration") ?? 0.5)
    var text = try golden.integers("text_tokens")
    if t3.configuration.backbone == .llama { text = Array(text.dropFirst().dropLast()) }
    let sampling = T3Sampling(
      temperature: option("temperature") ?? 1, repetitionPenalty: option("repetition_penalty") ?? 1,
      minimumP: option("min_p") ?? 0, topP: option("top_p") ?? 1, topK: Int(option("top_k") ?? 0),
      guidance: option("cfg_weight") ?? 0, isGreedy: true, maximumTokens: settings.tokens)
    let generation = try t3.generation(of: text, condition: condition, sampling: sampling, seed: 1)
    while try t3.next(generation) != nil {}
    return generation.tokens
  }

  /// The waveform of our own tokens, by our own mel, with the golden noise.
  func waveform(of speechTokens: [Int32]) throws -> [Float] {
    var tokens = speechTokens.filter { $0 < 6561 }
    if ["turbo", "nano"].contains(model) { tokens += [4299, 4299, 4299] }
    let weights = try checkpoint(try #require(Self.files[model]).1)
    let backend = try Backend()
    let voice = try S3GenGolden.voice(folder.appending(path: "conds.pt").path)
    let noise = try golden.tensor("flow_noise").transposed
    let mel = try S3Gen(weights, on: backend).mel(of: tokens, voice: voice, noise: .values(noise))
    let randomness = try VocoderFixture(file: golden).randomness
    return TrimFade.applied(to: try HiFT(weights, on: backend).waveform(of: mel, randomness: randomness))
  }

  /// The power of the reference's waveform over that of our difference from it, in dB.
  func signalToNoise(_ waveform: [Float]) throws -> Double {
    let truth = try golden.tensor("waveform").values
    try #require(waveform.count == truth.count)
    return ModelsTests.signalToNoise(waveform, truth)
  }
}

@Suite("Text tokens to waveform", .serialized)
struct EndToEndTests {
  @Test(
    "every model says what the reference says, within 40 dB, on the small checkpoints",
    arguments: ["standard", "turbo", "nano", "multilingual"])
  func small(model: String) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "end-to-end-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let names = try #require(EndToEnd.files[model])
    for name in [names.0, names.1] {
      try SyntheticCheckpoint.named(name).safetensors()
        .write(to: folder.appending(path: "\(name).safetensors"))
    }
    try FileManager.default.copyItem(
      at: SyntheticCheckpoint.folder.appending(path: "conds.pt"), to: folder.appending(path: "conds.pt"))
    let run = try EndToEnd(
      model, golden: SyntheticCheckpoint.folder.appending(path: "end_to_end/\(model).safetensors").path,
      folder: folder)
    let tokens = try run.speechTokens()
    #expect(try tokens == run.golden.integers("speech_tokens"))
    #expect(try run.signalToNoise(run.waveform(of: tokens)) >= 40)
  }

  @Test(
    "every model says what the reference says, within 40 dB, at full size",
    .enabled(if: parityFolder != nil), arguments: ["standard", "turbo", "nano", "multilingual"])
  func full(model: String) throws {
    let parity = try #require(parityFolder)
    let run = try EndToEnd(
      model, golden: "\(parity)/golden/full/\(model).safetensors",
      folder: URL(filePath: "\(parity)/checkpoints/full/\(model)"))
    let tokens = try run.speechTokens()
    let expected = try run.golden.integers("speech_tokens")
    let equal = tokens == expected
    print(
      "PARITY | Speech tokens, \(model) | all equal | \(equal ? "\(tokens.count) of" : "not") \(expected.count) | \(equal ? "ok" : "FAIL")"
    )
    let decibels = try run.signalToNoise(run.waveform(of: equal ? tokens : expected))
    let figure = String(format: "%.1f dB", decibels)
    print("PARITY | Text to waveform, \(model) | SNR ≥ 40 dB | \(figure) | \(decibels >= 40 ? "ok" : "FAIL")")
    #expect(equal && decibels >= 40)
  }
}
