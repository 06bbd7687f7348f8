import Foundation
import Models
import Tensor
import Testing

@Suite("VITS equals onnxruntime")
struct VITSParityTests {
  static let starterCases = ["two_words", "two_words_slow", "six_words", "ten_words", "twenty_five_words"]
  static let otherVoices = ["synthetic-speakers-high-0", "synthetic-speakers-high-2", "synthetic-x_low"]

  @Test("the starter voice: same durations, same length, at least 50 dB SNR", arguments: starterCases)
  func starterVoice(name: String) throws {
    try check(VITSFixture.named(name), file: VITSFixture.starterVoice)
  }

  @Test("voices of other shapes, with several speakers or another rate, too", arguments: otherVoices)
  func otherVoice(name: String) throws {
    let fixture = try VITSFixture.named(name)
    try check(fixture, file: VITSFixture.folder.appending(path: fixture.voice).path)
  }

  @Test("ggml's own operations, which other devices use, give the same as our kernels")
  func withoutOwnKernels() throws {
    let fixture = try VITSFixture.named("two_words")
    try check(fixture, file: VITSFixture.starterVoice, on: Backend(ownKernels: false))
  }

  private func check(_ fixture: VITSFixture, file: String, on backend: Backend? = nil) throws {
    let vits = try VITS(ONNXFile(path: file), on: backend ?? Backend())
    let (durations, waveform) = try fixture.synthesize(with: vits)
    #expect(durations == fixture.framesPerID)
    let reference = try fixture.waveform
    #expect(waveform.count == reference.count)
    let ratio = signalToNoise(waveform, reference)
    print("VITS parity, \(fixture.name): SNR \(ratio) dB over \(waveform.count) samples")
    #expect(ratio >= 50)
  }
}
