import Foundation
import Models
import Tensor
import Testing

@Suite("A waveform whose mel comes in pieces")
struct HiFTStreamTests {
  private static let channels = HiFT.melChannels
  private let vocoder: HiFT
  private let mel: [Float]
  private let whole: [Float]

  init() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "hift-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: path) }
    try SyntheticCheckpoint.named("s3gen").safetensors().write(to: path)
    vocoder = try HiFT(Checkpoint(path: path.path), on: Backend())
    mel = try VocoderFixture("standard").mel
    whole = try vocoder.waveform(of: mel, randomness: .seed(3))
  }

  /// The waveform of pieces of so many frames, over and over; the last call brings none.
  private func streamed(_ sizes: [Int], lookahead: Int) throws -> [[Float]] {
    var stream = vocoder.stream(randomness: .seed(3), lookahead: lookahead)
    var pieces: [[Float]] = []
    var (frame, turn) = (0, 0)
    while frame < mel.count / Self.channels {
      let end = min(frame + sizes[turn % sizes.count], mel.count / Self.channels)
      pieces.append(
        try vocoder.next(Array(mel[frame * Self.channels..<end * Self.channels]), isLast: false, &stream))
      (frame, turn) = (end, turn + 1)
    }
    pieces.append(try vocoder.next([], isLast: true, &stream))
    return pieces
  }

  @Test(
    "with all its context it is the whole one, however it is cut", arguments: [[1], [3, 0, 11], [30], [500]])
  func equalsWhole(sizes: [Int]) throws {
    let pieces = try streamed(sizes, lookahead: HiFTStream.exactLookahead)
    let waveform = pieces.flatMap(\.self)
    #expect(waveform.count == whole.count)
    #expect(zip(waveform, whole).allSatisfy { abs($0 - $1) < 1e-5 })
    #expect(!(pieces.last?.isEmpty ?? true))
  }

  @Test("with less context it comes earlier, and differs little", arguments: [6, 8, 12])
  func lookahead(frames: Int) throws {
    let pieces = try streamed([10], lookahead: frames)
    #expect(pieces[0].count == max(0, 10 - frames) * HiFT.hop)
    let waveform = pieces.flatMap(\.self)
    #expect(waveform.count == whole.count)
    #expect(signalToNoise(waveform, whole) > 30)
  }

  @Test("no frames are no samples, at the end as well")
  func empty() throws {
    var stream = vocoder.stream(randomness: .seed(1))
    #expect(try vocoder.next([], isLast: false, &stream).isEmpty)
    #expect(try vocoder.next([], isLast: true, &stream).isEmpty)
  }

  @Test("the fade at the start may come in pieces")
  func fade() {
    let waveform = (0..<2000).map { Float($0) }
    let faded = TrimFade.applied(to: waveform)
    let pieces =
      TrimFade.applied(to: Array(waveform[..<700]))
      + TrimFade.applied(to: Array(waveform[700...]), after: 700)
    #expect(pieces == faded && faded[479] == 0 && faded[960] == 960)
  }

  @Test(
    "at full size: what less context costs",
    .enabled(if: ProcessInfo.processInfo.environment["CHATTERBOX_PARITY"] != nil))
  func fullSize() throws {
    let folder = try #require(ProcessInfo.processInfo.environment["CHATTERBOX_PARITY"])
    let fixture = try VocoderFixture(file: Checkpoint(path: "\(folder)/golden/full/turbo.safetensors"))
    let full = try HiFT(
      Checkpoint(path: "\(folder)/checkpoints/full/turbo/s3gen_meanflow.safetensors"), on: Backend())
    let whole = try full.waveform(of: fixture.mel, randomness: .seed(1))
    for lookahead in [6, HiFTStream.quickLookahead, 12, 16, HiFTStream.exactLookahead] {
      var stream = full.stream(randomness: .seed(1), lookahead: lookahead)
      var waveform: [Float] = []
      let frames = fixture.mel.count / Self.channels
      for start in stride(from: 0, to: frames, by: 30) {
        let end = min(start + 30, frames)
        waveform += try full.next(
          Array(fixture.mel[start * Self.channels..<end * Self.channels]), isLast: end == frames, &stream)
      }
      let decibels = signalToNoise(waveform, whole)
      let isGood = lookahead < HiFTStream.quickLookahead || decibels >= 50
      let bar = lookahead < HiFTStream.quickLookahead ? "-" : "SNR to whole ≥ 50 dB"
      print(
        "PARITY | HiFT in pieces of 30 frames, \(lookahead) ahead | \(bar) | "
          + String(format: "%.1f dB", decibels) + " | \(isGood ? "ok" : "FAIL")")
      #expect(isGood)
    }
  }
}
