import Models
import Tensor
import Testing

@Suite("S3Gen's mel")
struct S3GenMelTests {
  @Test(
    "the mel is the reference's, from the same tokens, voice and noise",
    arguments: ["standard", "turbo", "nano", "multilingual"])
  func mel(model: String) throws {
    let golden = try S3GenGolden.small(model)
    let generator = try S3GenGolden.smallModel(model)
    #expect(generator.isMeanFlow == S3GenGolden.isMeanFlow(model))
    let mel = try generator.mel(
      of: golden.tokens, voice: S3GenGolden.voice(), noise: .values(golden.noise))
    let error = largestError(mel, golden.mel)
    print("S3Gen mel, small \(model): \(error)")
    #expect(error <= 1e-3)
  }

  @Test("ggml's operations alone make the same mel as our kernels", arguments: ["standard", "turbo"])
  func withoutKernels(model: String) throws {
    let golden = try S3GenGolden.small(model)
    let mel = try S3GenGolden.smallModel(model, ownKernels: false).mel(
      of: golden.tokens, voice: S3GenGolden.voice(), noise: .values(golden.noise))
    #expect(largestError(mel, golden.mel) <= 1e-3)
  }

  @Test("a seed makes the same mel again, for each length in turn, and another seed another")
  func seeds() throws {
    let generator = try S3GenGolden.smallModel("turbo")
    let voice = try S3GenGolden.voice()
    let first = try generator.mel(of: [1, 2, 3], voice: voice, noise: .seed(7))
    #expect(first.count == 2 * 3 * generator.melChannels)
    let other = try generator.mel(of: [5], voice: voice, noise: .seed(7))
    #expect(other.count == 2 * generator.melChannels)
    #expect(try generator.mel(of: [1, 2, 3], voice: voice, noise: .seed(7)) == first)
    #expect(try generator.mel(of: [1, 2, 3], voice: voice, noise: .seed(8)) != first)
  }

  @Test("a text longer than any before changes nothing for shorter ones, and comes out as it would by itself")
  func longerText() throws {
    let voice = try S3GenGolden.voice()
    let (short, long) = ([Int32(1), 2, 3], (0..<520).map { Int32($0) })
    let generator = try S3GenGolden.smallModel("turbo")
    let first = try generator.encode(short, voice: voice).frames
    let frames = try generator.encode(long, voice: voice).frames
    #expect(try generator.encode(short, voice: voice).frames == first)
    #expect(try S3GenGolden.smallModel("turbo").encode(long, voice: voice).frames == frames)
    let plain = try S3GenGolden.smallModel("turbo", ownKernels: false)
    #expect(largestError(frames, try plain.encode(long, voice: voice).frames) < 1e-4)
  }

  @Test("a voice without a recording still speaks, even a single token")
  func withoutPrompt() throws {
    var voice = try S3GenGolden.voice()
    (voice.promptTokens, voice.promptMel) = ([], [])
    let mel = try S3GenGolden.smallModel("turbo").mel(of: [6560], voice: voice, noise: .seed(1))
    #expect(mel.count == 160 && mel.allSatisfy(\.isFinite))
  }

  @Test("the work can be ended before each step")
  func ending() throws {
    struct Ended: Error {}
    let generator = try S3GenGolden.smallModel("standard")
    var steps = 0
    #expect(throws: Ended.self) {
      try generator.mel(of: [1], voice: S3GenGolden.voice(), noise: .seed(1)) {
        steps += 1
        if steps == 3 { throw Ended() }
      }
    }
    #expect(steps == 3)
    _ = try generator.mel(of: [1], voice: S3GenGolden.voice(), noise: .seed(1), steps: 4) { steps += 1 }
    #expect(steps == 7)
  }
}
