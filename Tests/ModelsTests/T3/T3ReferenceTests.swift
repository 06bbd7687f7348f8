import Models
import Tensor
import Testing

@Suite("T3 equals the reference")
struct T3ReferenceTests {
  @Test("every step's logits, and the tokens chosen greedily", arguments: SmallT3.allCases)
  func greedy(model: SmallT3) throws { try check(model, on: Backend()) }

  @Test("ggml's own operations, which other devices use, give the same", arguments: SmallT3.allCases)
  func withoutOwnKernels(model: SmallT3) throws { try check(model, on: Backend(ownKernels: false)) }

  @Test("without guidance a single row says what the guided one of two says", arguments: [SmallT3.standard])
  func withoutGuidance(model: SmallT3) throws {
    let golden = try model.golden
    let t3 = try model.load()
    var sampling = model.sampling
    sampling.guidance = 0
    let generation = try t3.generation(
      of: golden.textTokens, condition: golden.condition, sampling: sampling, seed: 0)
    _ = try t3.next(generation)
    #expect(generation.logits.count == 1)
    #expect(cosine(thinned(generation.logits[0], golden.stride), golden.logits[0][0]) > 0.999999)
  }

  @Test(
    "matrices of fewer bits give nearly the same logits",
    arguments: [SmallT3.standard, .turbo], [WeightType.float16, .bfloat16, .q8_0])
  func otherTypes(model: SmallT3, type: WeightType) throws {
    let golden = try model.golden
    let t3 = try model.load(matrixType: type)
    let generation = try t3.generation(
      of: golden.textTokens, condition: golden.condition, sampling: model.sampling, seed: 0)
    _ = try t3.next(generation)
    #expect(cosine(thinned(generation.logits[0], golden.stride), golden.logits[0][0]) > 0.995)
  }

  private func check(_ model: SmallT3, on backend: Backend) throws {
    let golden = try model.golden
    let t3 = try model.load(on: backend)
    let generation = try t3.generation(
      of: golden.textTokens, condition: golden.condition, sampling: model.sampling, seed: 0)
    #expect(golden.logits.count > 20)
    for (step, rows) in golden.logits.enumerated() {
      let token = try t3.next(generation)
      #expect(token == (step < golden.speechTokens.count ? golden.speechTokens[step] : nil))
      #expect(generation.logits.count == rows.count)
      for (ours, theirs) in zip(generation.logits, rows) {
        #expect(cosine(thinned(ours, golden.stride), theirs) > 0.999999)
      }
    }
  }
}
