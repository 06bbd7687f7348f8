import Models
import Tensor
import Testing

@Suite("The speaker encoder equals the reference's")
struct CAMPPlusTests {
  @Test(
    "the x-vector has a cosine of at least 0.9999, with our kernels and with ggml's",
    arguments: [true, false])
  func embedding(ownKernels: Bool) throws {
    let golden = try CloningGolden.small()
    let embedding = try CloningGolden.withCheckpoint {
      try CAMPPlus($0, on: Backend(ownKernels: ownKernels)).embedding(of: golden.shortSamples16)
    }
    #expect(embedding.count == 192)
    #expect(CloningGolden.similarity(embedding, golden.embedding) >= 0.9999)
  }

  @Test("another voice has another x-vector")
  func otherVoice() throws {
    let golden = try CloningGolden.small()
    let slower = golden.samples16.flatMap { [$0, $0] }
    let embedding = try CloningGolden.withCheckpoint { try CAMPPlus($0, on: Backend()).embedding(of: slower) }
    #expect(CloningGolden.similarity(embedding, golden.embedding) < 0.9999)
  }

  @Test(
    "speech of any length, and silence, has an x-vector of numbers", arguments: [0, 1, 399, 720, 721, 40_000])
  func lengths(count: Int) throws {
    try CloningGolden.withCheckpoint { checkpoint in
      let encoder = try CAMPPlus(checkpoint, on: Backend())
      for samples in [(0..<count).map { Float($0 % 11) / 11 }, [Float](repeating: 0, count: count)] {
        let embedding = try encoder.embedding(of: samples)
        #expect(embedding.count == encoder.channels)
        let areNumbers = embedding.allSatisfy(\.isFinite)
        #expect(areNumbers)
      }
    }
  }
}
