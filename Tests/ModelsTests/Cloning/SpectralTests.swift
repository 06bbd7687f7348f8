import Models
import Tensor
import Testing

@Suite("The spectra of voice cloning equal the reference's")
struct SpectralTests {
  @Test("S3Gen's prompt: logarithms within 0.001 at 24 kHz", arguments: [true, false])
  func promptMel(ownKernels: Bool) throws {
    let golden = try CloningGolden.small()
    let frames = try PromptMel(on: Backend(ownKernels: ownKernels)).frames(of: golden.samples24)
    let error = golden.largestError(frames, golden.promptMel, channels: PromptMel.channels)
    #expect(error < 1e-3)
  }

  @Test("the speech tokenizer's: within 0.001 at 16 kHz")
  func tokenizerMel() throws {
    let golden = try CloningGolden.small()
    let frames = try TokenizerMel(on: Backend()).frames(of: golden.samples16)
    let error = golden.largestError(frames, golden.tokenizerMel, channels: TokenizerMel.channels)
    #expect(error < 1e-3)
  }

  @Test("Kaldi's filter bank: logarithms within 0.01 at 16 kHz")
  func filterBank() throws {
    let golden = try CloningGolden.small()
    let frames = try KaldiFilterBank(on: Backend()).frames(of: golden.samples16)
    let error = golden.largestError(frames, golden.filterBank, channels: KaldiFilterBank.channels)
    #expect(error < 1e-2)
  }

  @Test("as many frames as whole hops fit, at any length")
  func lengths() throws {
    let backend = try Backend()
    let (prompt, tokenizer) = (try PromptMel(on: backend), try TokenizerMel(on: backend))
    let kaldi = try KaldiFilterBank(on: backend)
    for count in [0, 1, 159, 160, 399, 400, 479, 480, 481, 5000, 41_200, 123_300] {
      let samples = (0..<count).map { Float($0 % 7) / 7 }
      let frames = [
        try prompt.frames(of: samples), try tokenizer.frames(of: samples), try kaldi.frames(of: samples),
      ]
      #expect(frames[0].count == count / 480 * PromptMel.channels)
      #expect(frames[1].count == count / 160 * TokenizerMel.channels)
      #expect(frames[2].count == (count < 400 ? 0 : (count - 400) / 160 + 1) * KaldiFilterBank.channels)
      let areNumbers = frames.joined().allSatisfy(\.isFinite)
      #expect(areNumbers, "\(count) samples")
    }
  }
}
