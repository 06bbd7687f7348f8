import Models
import Tensor
import Testing

@Suite("The speech tokenizer equals the reference's")
struct S3TokenizerTests {
  @Test(
    "at least 99.5 % of the tokens are equal, with our kernels and with ggml's", arguments: [true, false])
  func tokens(ownKernels: Bool) throws {
    let golden = try CloningGolden.small()
    let tokens = try CloningGolden.withCheckpoint {
      try S3Tokenizer($0, on: Backend(ownKernels: ownKernels)).tokens(of: golden.samples16)
    }
    #expect(CloningGolden.share(tokens, golden.tokens) >= 0.995)
  }

  @Test("longer than 30 s is tokenized in the same windows, and loses the same tokens")
  func longSpeech() throws {
    let golden = try CloningGolden.small()
    let speech = (0..<golden.repeat).flatMap { _ in golden.samples16 }
    let tokens = try CloningGolden.withCheckpoint { try S3Tokenizer($0, on: Backend()).tokens(of: speech) }
    #expect(tokens.count < speech.count / 640)
    #expect(CloningGolden.share(tokens, golden.longTokens) >= 0.995)
  }

  @Test(
    "any length gives a token for every begun 40 ms of whole 10 ms, and a limit ends it",
    arguments: [
      (0, 0), (1, 0), (159, 0), (160, 1), (200, 1), (640, 1), (800, 2), (16_000, 25),
    ])
  func lengths(samples: Int, count: Int) throws {
    try CloningGolden.withCheckpoint { checkpoint in
      let tokenizer = try S3Tokenizer(checkpoint, on: Backend())
      let speech = (0..<samples).map { Float($0 % 11) / 11 }
      let tokens = try tokenizer.tokens(of: speech)
      #expect(tokens.count == count)
      #expect(tokens.allSatisfy { (0..<Int32(S3Tokenizer.vocabulary)).contains($0) })
      for limit in [-1, 0, 1, 3, Int.max] {
        let limited = try tokenizer.tokens(of: speech, limit: limit)
        #expect(limited.count == min(count, max(0, limit)))
      }
    }
  }

  @Test("samples that are not numbers give tokens of the vocabulary")
  func notNumbers() throws {
    let tokens = try CloningGolden.withCheckpoint {
      try S3Tokenizer($0, on: Backend()).tokens(of: [Float](repeating: .nan, count: 3200))
    }
    #expect(tokens.count == 5)
    #expect(tokens.allSatisfy { (0..<Int32(S3Tokenizer.vocabulary)).contains($0) })
  }
}
