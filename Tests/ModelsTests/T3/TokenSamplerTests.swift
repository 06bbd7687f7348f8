import Tensor
import Testing

@testable import Models

@Suite("TokenSampler")
struct TokenSamplerTests {
  @Test("its processors leave what transformers' leave, in both of the reference's orders")
  func processors() throws {
    let file = try SmallT3.fixture("t3_processors")
    let history = try file.integers("history")
    let settings = try file.tensor("settings")
    let (cases, vocabulary) = (settings.shape[0], 300)
    #expect(cases > 5)
    for (backbone, name) in [(T3Configuration.Backbone.llama, "llama"), (.gpt2, "gpt2")] {
      let (logits, expected) = (try file.tensor("logits").values, try file.tensor(name).values)
      for row in 0..<cases {
        let values = settings.values[row * 5..<row * 5 + 5].map(\.self)
        let sampling = T3Sampling(
          temperature: values[0], repetitionPenalty: values[1], minimumP: values[2], topP: values[3],
          topK: Int(values[4]))
        let sampler = TokenSampler(sampling, for: backbone, seed: 0)
        let range = row * vocabulary..<(row + 1) * vocabulary
        let ours = sampler.process(Array(logits[range]), history: Array(history[row * 40..<row * 40 + 40]))
        for (mine, theirs) in zip(ours, expected[range]) {
          #expect(mine == theirs || abs(mine - theirs) < 1e-5, "\(name), case \(row)")
        }
      }
    }
  }

  @Test("it draws tokens as often as they are likely")
  func frequencies() {
    let sampling = T3Sampling(temperature: 1, repetitionPenalty: 1)
    var sampler = TokenSampler(sampling, for: .llama, seed: 5)
    var counts = [0, 0, 0]
    for _ in 0..<4000 {
      guard let token = sampler.choose([0, 1.0986123, -.infinity], history: []) else { continue }
      counts[Int(token)] += 1
    }
    #expect(counts[2] == 0 && abs(counts[1] - 3000) < 120 && counts[0] + counts[1] == 4000)
  }

  @Test("when nothing is left it chooses nothing")
  func nothingLeft() {
    var sampler = TokenSampler(.turbo, for: .gpt2, seed: 1)
    #expect(sampler.choose([-.infinity, -.infinity], history: []) == nil)
    #expect(sampler.choose([.nan, .nan], history: []) == nil)
  }
}
