import Foundation
import Models
import Tensor
import Testing

/// Made by `tools/reference/chatterbox/perth_golden.py` with the real weights, which set-up fetches.
struct PerthFixture {
  static let weights = PerthFixture.store.appending(path: "watermark/perth_net_250000.pth.tar")

  let speech: [Float]
  let marked: [Float]
  let confidence: [Float]

  init() throws {
    let file = try Checkpoint(path: SyntheticCheckpoint.folder.appending(path: "perth.safetensors").path)
    speech = try file.tensor("speech").values.map { $0 / 32767 }
    marked = try file.tensor("marked").values.map { $0 / 32767 }
    confidence = try file.tensor("confidence").values
  }

  static func watermarker(ownKernels: Bool = true) throws -> PerthWatermarker {
    try PerthWatermarker(Checkpoint(path: weights.path), on: Backend(ownKernels: ownKernels))
  }

  private static var store: URL {
    let environment = ProcessInfo.processInfo.environment
    if let folder = environment["CHATTERBOX_MODELS_CACHE_DIR"] { return URL(filePath: folder) }
    let data = environment["XDG_DATA_HOME"].map { URL(filePath: $0) }
    return (data ?? FileManager.default.homeDirectoryForCurrentUser.appending(path: ".local/share"))
      .appending(path: "chatterbox/models")
  }
}

@Suite("Perth", .enabled(if: FileManager.default.isReadableFile(atPath: PerthFixture.weights.path)))
struct PerthTests {
  @Test("marked speech is the reference's within 40 dB, on either kind of kernels", arguments: [true, false])
  func equalsReference(ownKernels: Bool) throws {
    let fixture = try PerthFixture()
    let marked = try PerthFixture.watermarker(ownKernels: ownKernels).mark(fixture.speech)
    #expect(marked.count == fixture.speech.count)
    let decibels = signalToNoise(marked, fixture.marked)
    if ownKernels, ProcessInfo.processInfo.environment["CHATTERBOX_PARITY"] != nil {
      let figure = String(format: "%.1f dB", decibels)
      print("PARITY | Perth, marked audio | SNR ≥ 40 dB | \(figure) | \(decibels >= 40 ? "ok" : "FAIL")")
    }
    #expect(decibels >= 40)
    // The mark itself is what is equal, not only the speech under it.
    let mark = zip(fixture.marked, fixture.speech).map { $0 - $1 }
    #expect(signalToNoise(zip(marked, fixture.speech).map { $0 - $1 }, mark) >= 20)
  }

  @Test("the detector is as sure as the reference's, of marked and of plain speech")
  func detects() throws {
    let fixture = try PerthFixture()
    let watermarker = try PerthFixture.watermarker()
    #expect(abs(try watermarker.confidence(in: fixture.speech) - fixture.confidence[0]) < 0.01)
    #expect(abs(try watermarker.confidence(in: fixture.marked) - fixture.confidence[1]) < 0.01)
    let own = try watermarker.mark(fixture.speech)
    #expect(try watermarker.confidence(in: own) > 0.9)
  }

  @Test("sentences that were marked one by one are found marked together, and long audio is")
  func joined() throws {
    let fixture = try PerthFixture()
    let watermarker = try PerthFixture.watermarker()
    let sentence = try watermarker.mark(Array(fixture.speech[..<30_000]))
    let other = try watermarker.mark(Array(fixture.speech[10_000...]))
    #expect(try watermarker.confidence(in: sentence + other) > 0.9)
    let long = (0..<20).flatMap { _ in fixture.speech }
    #expect(try watermarker.confidence(in: watermarker.mark(long)) > 0.9)
    #expect(try watermarker.confidence(in: long) < 0.5)
  }

  @Test("nothing, silence and blinks of sound stay as they are", arguments: [0, 1, 1024, 1025, 20_000])
  func edges(count: Int) throws {
    let watermarker = try PerthFixture.watermarker()
    let silence = [Float](repeating: 0, count: count)
    let marked = try watermarker.mark(silence)
    #expect(marked.count == count)
    #expect(marked.allSatisfy { abs($0) < 1e-4 })
    #expect(try watermarker.confidence(in: silence) == 0)
  }
}

@Suite("Perth on other files")
struct PerthFileTests {
  @Test("a file that lacks a layer is refused by file and key")
  func missingLayer() throws {
    let path = SyntheticCheckpoint.folder.appending(path: "perth.safetensors").path
    #expect(
      throws: TensorError.missingTensor(
        file: "perth.safetensors", key: "model.encoder.layers.0.conv.weight")
    ) {
      try PerthWatermarker(Checkpoint(path: path), on: Backend())
    }
  }

  @Test("a layer that does not fit the one before is refused by file and key")
  func wrongShape() throws {
    var writer = SafetensorsWriter()
    for (index, shape) in [[4, 3, 1], [4, 5, 7]].enumerated() {
      let values = [Float](repeating: 0, count: shape.reduce(1, *))
      writer.add("model.encoder.layers.\(index).conv.weight", HostTensor(shape: shape, values: values))
      writer.add(
        "model.encoder.layers.\(index).conv.bias", HostTensor(shape: [4], values: [0, 0, 0, 0]))
    }
    let path = URL.temporaryDirectory.appending(path: "perth-\(UUID().uuidString).safetensors")
    try writer.encoded().write(to: path)
    defer { try? FileManager.default.removeItem(at: path) }
    #expect(
      throws: TensorError.wrongShape(
        file: path.lastPathComponent, key: "model.encoder.layers.1.conv.weight", expected: [4, 4, 7],
        found: [4, 5, 7])
    ) {
      try PerthWatermarker(Checkpoint(path: path.path), on: Backend())
    }
  }
}
