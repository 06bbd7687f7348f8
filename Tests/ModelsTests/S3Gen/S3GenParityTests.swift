import Foundation
import Models
import Tensor
import Testing

/// A folder with checkpoints/full and golden/full below it, made by `tools/reference/chatterbox`.
private let parityFolder = ProcessInfo.processInfo.environment["CHATTERBOX_PARITY"]

/// Numbers against the reference at full size, where CHATTERBOX_PARITY names a folder of its files.
@Suite("S3Gen's parity", .serialized, .enabled(if: parityFolder != nil))
struct S3GenParityTests {
  @Test(
    "encoder and mel are the reference's at full size",
    arguments: [
      ("standard", "s3gen.safetensors"), ("turbo", "s3gen_meanflow.safetensors"),
      ("nano", "s3gen_meanflow.safetensors"), ("multilingual", "s3gen.pt"),
    ])
  func parity(model: String, file: String) throws {
    let folder = try #require(parityFolder)
    let golden = try S3GenGolden(path: "\(folder)/golden/full/\(model).safetensors")
    let models = "\(folder)/checkpoints/full/\(model)"
    let generator = try S3Gen(Checkpoint(path: "\(models)/\(file)"), on: Backend())
    let voice = try S3GenGolden.voice("\(models)/conds.pt")
    let steps = generator.isMeanFlow ? "2 steps, mean flow" : "10 steps, CFG"

    if let truth = golden.encoder {
      let encoded = try generator.encode(golden.tokens, voice: voice)
      report("S3Gen encoder, \(model)", largestError(encoded.frames, truth))
    }
    var times: [ContinuousClock.Instant] = []
    let mel = try generator.mel(of: golden.tokens, voice: voice, noise: .values(golden.noise)) {
      times.append(.now)
    }
    times.append(.now)
    report("S3Gen mel, \(model) (\(steps))", largestError(mel, golden.mel))
    let frames = golden.noise.count / generator.melChannels
    print(
      "S3Gen, \(model): \((times[times.count - 1] - times[0]) / (times.count - 1)) a step of \(frames) frames"
    )
  }

  private func report(_ what: String, _ error: Float) {
    print("PARITY | \(what) | ≤ 1e-3 of the range | \(error) | \(error <= 1e-3 ? "ok" : "FAIL")")
    #expect(error <= 1e-3)
  }
}
