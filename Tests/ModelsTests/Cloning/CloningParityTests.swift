import Foundation
import Models
import Tensor
import Testing

/// Runs on the full checkpoint where the environment's `CHATTERBOX_PARITY` names the folder above
/// `checkpoints/full` and `golden/full`.
@Suite(
  "Voice cloning of full size equals the reference",
  .enabled(if: ProcessInfo.processInfo.environment["CHATTERBOX_PARITY"] != nil), .serialized)
struct CloningParityTests {
  @Test("the speech tokenizer: at least 99.5 % of the tokens of a minute")
  func tokenizer() throws {
    let tokenizer = try S3Tokenizer(Self.checkpoint, on: Backend())
    let golden = try Self.golden
    var tokens: [Int32] = []
    let time = try ContinuousClock().measure { tokens = try tokenizer.tokens(of: golden.samples16) }
    let share = CloningGolden.share(tokens, golden.tokens)
    report(
      "S3Tokenizer, \(golden.samples16.count / 16_000) s", "≥ 99.5 % equal", "\(100 * share) % in \(time)",
      share >= 0.995)
  }

  @Test("the speaker encoder: a cosine of at least 0.9999")
  func speaker() throws {
    let encoder = try CAMPPlus(Self.checkpoint, on: Backend())
    let golden = try Self.golden
    var embedding: [Float] = []
    let time = try ContinuousClock().measure { embedding = try encoder.embedding(of: golden.shortSamples16) }
    let cosine = CloningGolden.similarity(embedding, golden.embedding)
    report(
      "CAMPPlus, \(golden.shortSamples16.count / 16_000) s", "cosine ≥ 0.9999", "\(cosine) in \(time)",
      cosine >= 0.9999)
  }

  @Test("the prompt's mel spectrum: logarithms within 0.01")
  func promptMel() throws {
    let golden = try Self.golden
    let mel = try PromptMel(on: Backend())
    var frames: [Float] = []
    let time = try ContinuousClock().measure { frames = try mel.frames(of: golden.samples24) }
    let error = golden.largestError(frames, golden.promptMel, channels: PromptMel.channels)
    report(
      "PromptMel, \(golden.samples24.count / 24_000) s", "error ≤ 0.01", "\(error) in \(time)", error <= 0.01)
  }

  @Test("the tokenizer's and the speaker encoder's spectra: within 0.01")
  func otherSpectra() throws {
    let golden = try Self.golden
    let mel = golden.largestError(
      try TokenizerMel(on: Backend()).frames(of: golden.samples16), golden.tokenizerMel,
      channels: TokenizerMel.channels)
    report("TokenizerMel", "error ≤ 0.01", "\(mel)", mel <= 0.01)
    let bank = golden.largestError(
      try KaldiFilterBank(on: Backend()).frames(of: golden.shortSamples16), golden.filterBank,
      channels: KaldiFilterBank.channels)
    report("KaldiFilterBank", "error ≤ 0.01", "\(bank)", bank <= 0.01)
  }

  private func report(_ what: String, _ wanted: String, _ measured: String, _ isGood: Bool) {
    print("PARITY | \(what) | \(wanted) | \(measured) | \(isGood ? "ok" : "FAIL")")
    #expect(isGood)
  }

  private static var folder: String { ProcessInfo.processInfo.environment["CHATTERBOX_PARITY"] ?? "" }

  private static var checkpoint: Checkpoint {
    get throws { try Checkpoint(path: folder + "/checkpoints/full/standard/s3gen.safetensors") }
  }

  private static var golden: CloningGolden {
    get throws { try CloningGolden(path: folder + "/golden/full/cloning.safetensors") }
  }
}
