import Foundation
import Testing

@testable import Models
@testable import Tensor

@Suite("VITS's waveforms")
struct VITSSpeechTests {
  private let ids: [Int32] = [1, 0, 20, 0, 45, 0, 24, 0, 58, 0, 27, 0, 2]

  private func voice(_ name: String) throws -> VITS {
    try VITS(file(name), on: Backend())
  }

  private func file(_ name: String) throws -> ONNXFile {
    try ONNXFile(path: VITSFixture.folder.appending(path: "\(name).onnx").path)
  }

  private func waveform(_ vits: VITS, _ options: VITSOptions = .init(), seed: UInt64 = 1) throws -> [Float] {
    var utterance = try vits.utterance(ids, options, seed: seed)
    var waveform: [Float] = []
    while let window = try vits.next(&utterance) { waveform += window }
    #expect(waveform.count == utterance.frameCount * vits.hop)
    return waveform
  }

  @Test("equal seeds give equal waveforms, also from another copy of the voice; other seeds others")
  func seeds() throws {
    let vits = try voice("synthetic-x_low")
    let first = try waveform(vits)
    #expect(try waveform(vits, seed: 2) != first)
    #expect(try waveform(vits) == first)
    #expect(try waveform(voice("synthetic-x_low")) == first)
    #expect(first.allSatisfy { abs($0) <= 1 })
  }

  @Test("without noise the seed does not matter")
  func noNoise() throws {
    let vits = try voice("synthetic-x_low")
    let options = VITSOptions(noiseScale: 0, durationNoiseScale: 0)
    #expect(try waveform(vits, options, seed: 1) == waveform(vits, options, seed: 2))
  }

  @Test("every speaker has a waveform of their own")
  func speakers() throws {
    let vits = try voice("synthetic-speakers-high")
    #expect(vits.speakers == 3)
    let waveforms = try (0..<3).map { try waveform(vits, VITSOptions(speaker: $0)) }
    #expect(Set(waveforms).count == 3)
    #expect(try waveform(vits, VITSOptions(speaker: 1)) == waveforms[1])
  }

  @Test("a longer length scale makes longer phonemes, in proportion")
  func lengthScale() throws {
    let vits = try voice("synthetic-x_low")
    let counts = try [0.5, 1, 2, 4].map { scale in
      try vits.utterance(ids, VITSOptions(lengthScale: scale), seed: 1).frameCount
    }
    #expect(counts == counts.sorted())
    // Every phoneme's frames are rounded up, so a ratio is a little less than the scales'.
    #expect((1.5...2.05).contains(Double(counts[3]) / Double(counts[2])))
  }

  @Test("one phoneme is enough, and a pace of nearly nothing still makes a frame")
  func shortest() throws {
    let vits = try voice("synthetic-x_low")
    var utterance = try vits.utterance([5], VITSOptions(lengthScale: 0), seed: 1)
    #expect(utterance.frameCount == 1)
    #expect(try vits.next(&utterance)?.count == vits.hop)
    #expect(try vits.next(&utterance) == nil)
  }

  @Test(
    "decoding window by window equals decoding as a whole",
    arguments: ["synthetic-x_low", "synthetic-speakers-high"])
  func windowed(name: String) throws {
    let file = try file(name)
    let backend = try Backend()
    let vits = try VITS(file, on: backend)
    var utterance = try vits.utterance(ids, VITSOptions(lengthScale: 18), seed: 1)
    #expect(utterance.frameCount > VITSUtterance.windows.later + VITSUtterance.windows.whole)
    let whole = try decodedAsAWhole(utterance, of: file, on: backend)
    var windows: [[Float]] = []
    while let window = try vits.next(&utterance) { windows.append(window) }
    #expect(windows.count > 2)
    let waveform = windows.flatMap(\.self)
    #expect(waveform.count == whole.count)
    #expect(signalToNoise(waveform, whole) > 100)
  }

  /// What a decoder of our own makes of all frames at once.
  private func decodedAsAWhole(
    _ utterance: VITSUtterance, of file: ONNXFile, on backend: Backend
  ) throws -> [Float] {
    let weights = Weights(on: backend, capacity: 4096)
    let reader = VITSReader(file, into: weights)
    let channels = utterance.latent.count / utterance.frameCount
    let speakers = try? file.tensor("emb_g.weight")
    let speakerChannels = speakers?.shape[1] ?? 0
    let decoder = try HiFiGAN(reader["dec"], channels: channels, speakerChannels: speakerChannels)
    try weights.upload()
    let graph = try Graph(on: backend) { builder in
      let speaker = speakers.map { _ in builder.input("speaker", [speakerChannels, 1]) }
      let latent = builder.input("latent", [channels, utterance.frameCount])
      builder.output("waveform", decoder(latent, speaker: speaker))
    }
    graph.set("latent", utterance.latent)
    if let speakers { graph.set("speaker", Array(speakers.values.prefix(speakerChannels))) }
    try graph.compute()
    return graph.floats("waveform")
  }
}
