import Foundation
import Models
import Tensor
import Testing

/// Made by `tools/reference/chatterbox/voice_encoder_golden.py`.
@Suite("VoiceEncoder")
struct VoiceEncoderTests {
  private static func fixture() throws -> Checkpoint {
    try Checkpoint(path: SyntheticCheckpoint.folder.appending(path: "voice_encoder.safetensors").path)
  }

  private func encoder(_ name: String = "ve", ownKernels: Bool = true) throws -> VoiceEncoder {
    let folder = FileManager.default.temporaryDirectory.appending(path: "ve-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "ve.safetensors")
    try SyntheticCheckpoint.named(name).safetensors().write(to: path)
    return try VoiceEncoder(Checkpoint(path: path.path), on: Backend(ownKernels: ownKernels))
  }

  private func cosine(_ a: [Float], _ b: [Float]) -> Float {
    let product = { (x: [Float], y: [Float]) -> Float in
      zip(x, y).reduce(Float(0)) { $0 + $1.0 * $1.1 }
    }
    return product(a, b) / (product(a, a) * product(b, b)).squareRoot()
  }

  @Test("an embedding is the reference's, on either kind of kernels", arguments: [true, false])
  func equalsReference(ownKernels: Bool) throws {
    let fixture = try Self.fixture()
    let samples = try fixture.tensor("speech").values.map { $0 / 32767 }
    let embedding = try encoder(ownKernels: ownKernels).embedding(of: samples)
    let expected = try fixture.tensor("small").values
    #expect(embedding.count == expected.count)
    #expect(cosine(embedding, expected) >= 0.9999)
    #expect(zip(embedding, expected).allSatisfy { abs($0 - $1) < 1e-3 })
  }

  @Test("blinks of sound and silence have an embedding without harm", arguments: [0, 1, 100, 16_000])
  func edges(count: Int) throws {
    let embedding = try encoder().embedding(of: [Float](repeating: 0, count: count))
    #expect(embedding.allSatisfy { $0.isFinite })
  }

  @Test("a checkpoint of another kind is refused by its key")
  func otherKind() throws {
    #expect(throws: TensorError.missingTensor(file: "ve.safetensors", key: "lstm.weight_ih_l0")) {
      try encoder("s3gen")
    }
  }

  @Test(
    "the full-size embedding is the reference's",
    .enabled(if: ProcessInfo.processInfo.environment["CHATTERBOX_PARITY"] != nil))
  func parity() throws {
    let folder = try #require(ProcessInfo.processInfo.environment["CHATTERBOX_PARITY"])
    let fixture = try Self.fixture()
    let file = try Checkpoint(path: "\(folder)/checkpoints/full/standard/ve.safetensors")
    let samples = try fixture.tensor("speech").values.map { $0 / 32767 }
    let embedding = try VoiceEncoder(file, on: Backend()).embedding(of: samples)
    let cosine = cosine(embedding, try fixture.tensor("full").values)
    print("PARITY | VoiceEncoder | cosine ≥ 0.9999 | \(cosine) | \(cosine >= 0.9999 ? "ok" : "FAIL")")
    #expect(cosine >= 0.9999)
  }
}
