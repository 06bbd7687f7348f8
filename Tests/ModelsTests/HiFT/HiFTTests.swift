import Foundation
import Models
import Tensor
import Testing

/// A run of the reference in Tests/Fixtures/chatterbox/end_to_end, made by `tools/reference/chatterbox/end_to_end.py`.
struct VocoderFixture {
  let mel: [Float]
  let pitch: [Float]
  let waveform: [Float]
  let randomness: HiFTRandomness

  init(_ model: String) throws {
    try self.init(
      file: Checkpoint(
        path: SyntheticCheckpoint.folder.appending(path: "end_to_end/\(model).safetensors").path))
  }

  init(file: Checkpoint) throws {
    mel = try file.tensor("mel").transposed
    pitch = try file.tensor("f0").values
    waveform = try file.tensor("waveform").values
    let phase = try file.tensor("hift_phase").values
    let noise: [Float]
    if file.contains("hift_noise") {
      noise = try file.tensor("hift_noise").values
    } else {
      let settings = try #require(file.metadata["settings"])
      let name = try JSONDecoder().decode(Settings.self, from: Data(settings.utf8)).hiftNoise
      noise = PortableRandom.gaussian(name, count: phase.count * waveform.count)
    }
    randomness = .values(phase: phase, noise: noise)
  }

  private struct Settings: Decodable {
    let hiftNoise: String

    enum CodingKeys: String, CodingKey {
      case hiftNoise = "hift_noise"
    }
  }
}

extension HostTensor {
  /// Columns as rows.
  var transposed: [Float] {
    let (rows, columns) = (shape[0], shape[1])
    return (0..<rows * columns).map { values[($0 % rows) * columns + $0 / rows] }
  }
}

@Suite("HiFT")
struct HiFTTests {
  private func vocoder(_ name: String, ownKernels: Bool = true, window: Int = 300) throws -> HiFT {
    let folder = FileManager.default.temporaryDirectory.appending(path: "hift-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "s3gen.safetensors")
    try SyntheticCheckpoint.named(name).safetensors().write(to: path)
    return try HiFT(Checkpoint(path: path.path), on: Backend(ownKernels: ownKernels), window: window)
  }

  @Test(
    "the waveform is the reference's within 50 dB", arguments: ["standard", "turbo", "nano", "multilingual"])
  func equalsReference(model: String) throws {
    let fixture = try VocoderFixture(model)
    let vocoder = try vocoder(["turbo", "nano"].contains(model) ? "s3gen_meanflow" : "s3gen")
    let pitch = try vocoder.f0(of: fixture.mel)
    #expect(zip(pitch, fixture.pitch).allSatisfy { abs($0 - $1) < 0.01 * max(1, $1) })
    let waveform = TrimFade.applied(to: try vocoder.waveform(of: fixture.mel, randomness: fixture.randomness))
    #expect(waveform.count == fixture.waveform.count)
    #expect(signalToNoise(waveform, fixture.waveform) >= 50)
  }

  @Test("ggml's operations alone give the same waveform")
  func withoutOwnKernels() throws {
    let fixture = try VocoderFixture("standard")
    let waveform = try vocoder("s3gen", ownKernels: false)
      .waveform(of: fixture.mel, randomness: fixture.randomness)
    #expect(signalToNoise(TrimFade.applied(to: waveform), fixture.waveform) >= 50)
  }

  @Test("a waveform made in windows is the one made at once", arguments: [1, 17, 40])
  func windows(frames: Int) throws {
    let fixture = try VocoderFixture("standard")
    let long = fixture.mel + fixture.mel
    let whole = try vocoder("s3gen").waveform(of: long, randomness: .seed(3))
    let pieces = try vocoder("s3gen", window: frames).waveform(of: long, randomness: .seed(3))
    #expect(whole.count == 2 * fixture.waveform.count && pieces.count == whole.count)
    #expect(zip(whole, pieces).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test("a seed gives one waveform, another seed another")
  func seeds() throws {
    let mel = try VocoderFixture("standard").mel
    let vocoder = try vocoder("s3gen")
    let first = try vocoder.waveform(of: mel, randomness: .seed(3))
    #expect(first == (try vocoder.waveform(of: mel, randomness: .seed(3))))
    #expect(first != (try vocoder.waveform(of: mel, randomness: .seed(4))))
  }

  @Test("no frames make no sound, and a checkpoint of another kind is refused by its key")
  func edges() throws {
    #expect(try vocoder("s3gen").waveform(of: [], randomness: .seed(1)).isEmpty)
    let missing = TensorError.missingTensor(
      file: "s3gen.safetensors", key: "mel2wav.f0_predictor.condnet.0.weight")
    #expect(throws: missing) { try vocoder("ve") }
  }

  @Test(
    "the full-size waveform is the reference's within 50 dB",
    .enabled(if: ProcessInfo.processInfo.environment["CHATTERBOX_PARITY"] != nil),
    arguments: [
      ("standard", "s3gen.safetensors"), ("turbo", "s3gen_meanflow.safetensors"),
      ("nano", "s3gen_meanflow.safetensors"), ("multilingual", "s3gen.pt"),
    ])
  func parity(model: String, file: String) throws {
    let folder = try #require(ProcessInfo.processInfo.environment["CHATTERBOX_PARITY"])
    let fixture = try VocoderFixture(
      file: Checkpoint(path: "\(folder)/golden/full/\(model).safetensors"))
    let vocoder = try HiFT(Checkpoint(path: "\(folder)/checkpoints/full/\(model)/\(file)"), on: Backend())
    let waveform = TrimFade.applied(to: try vocoder.waveform(of: fixture.mel, randomness: fixture.randomness))
    let decibels = signalToNoise(waveform, fixture.waveform)
    let figure = String(format: "%.1f dB", decibels)
    print("PARITY | HiFT, \(model) | SNR ≥ 50 dB | \(figure) | \(decibels >= 50 ? "ok" : "FAIL")")
    #expect(decibels >= 50)
  }
}
