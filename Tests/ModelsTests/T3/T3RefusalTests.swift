import Models
import Tensor
import Testing

@Suite("T3 refuses")
struct T3RefusalTests {
  @Test("texts that are empty, too long, or of another vocabulary", arguments: [SmallT3.standard, .nano])
  func texts(model: SmallT3) throws {
    let t3 = try model.load()
    let prefix = try t3.prefix(of: model.golden.condition)
    let generation = { (text: [Int32]) throws(T3Error) in
      _ = try t3.generation(of: text, prefix: prefix, sampling: model.sampling, seed: 0)
    }
    #expect(throws: T3Error.emptyText) { try generation([]) }
    let vocabulary = t3.configuration.textVocabulary
    #expect(throws: T3Error.unknownToken(Int32(vocabulary), vocabulary: vocabulary)) {
      try generation([5, Int32(vocabulary)])
    }
    #expect(throws: T3Error.unknownToken(-1, vocabulary: vocabulary)) { try generation([-1]) }
    let limit = model == .standard ? 258 - 2 : (768 - prefix.count) / 2
    try generation([Int32](repeating: 7, count: limit))
    #expect(throws: T3Error.textTooLong(tokens: limit + 1, limit: limit)) {
      try generation([Int32](repeating: 7, count: limit + 1))
    }
    #expect(throws: T3Error.self) { try generation([Int32](repeating: 7, count: 1_000_000)) }
  }

  @Test("voices that are another model's", arguments: [SmallT3.standard, .nano])
  func voices(model: SmallT3) throws {
    let t3 = try model.load()
    let good = try model.golden.condition
    let refusal = { (change: (inout T3Condition) -> Void) in
      var condition = good
      change(&condition)
      let changed = condition
      return #expect(throws: T3Error.self) { try t3.prefix(of: changed) }
    }
    #expect(
      refusal { $0.speakerEmbedding.removeLast() } == .badSpeakerEmbedding(elements: 255, expected: 256))
    #expect(refusal { $0.speakerEmbedding = [] } == .badSpeakerEmbedding(elements: 0, expected: 256))
    #expect(
      refusal { $0.speakerEmbedding[3] = .nan } == .badSpeakerEmbedding(elements: 256, expected: 256))
    let vocabulary = t3.configuration.speechVocabulary
    #expect(
      refusal { $0.promptTokens[0] = Int32(vocabulary) }
        == .unknownToken(Int32(vocabulary), vocabulary: vocabulary))
    let limit = model == .standard ? 516 : 384
    #expect(
      refusal { $0.promptTokens = [Int32](repeating: 1, count: limit + 1) }
        == .promptTooLong(tokens: limit + 1, limit: limit))
    #expect(refusal { $0.exaggeration = .infinity } != nil)
  }

  @Test("sampling that is out of range")
  func sampling() throws {
    let golden = try SmallT3.nano.golden
    let t3 = try SmallT3.nano.load()
    let prefix = try t3.prefix(of: golden.condition)
    let changes: [(inout T3Sampling) -> Void] = [
      { $0.temperature = -1 }, { $0.temperature = .nan }, { $0.repetitionPenalty = 0 },
      { $0.minimumP = 2 }, { $0.topP = -0.1 }, { $0.guidance = .infinity }, { $0.topK = -1 },
      { $0.maximumTokens = 0 },
    ]
    for change in changes {
      var sampling = T3Sampling.turbo
      change(&sampling)
      let changed = sampling
      #expect(throws: T3Error.self) {
        _ = try t3.generation(of: golden.textTokens, prefix: prefix, sampling: changed, seed: 0)
      }
    }
  }

  @Test("a voice without a prompt is heard", arguments: [SmallT3.standard, .nano])
  func withoutPrompt(model: SmallT3) throws {
    var condition = try model.golden.condition
    condition.promptTokens = []
    let t3 = try model.load()
    let prefix = try t3.prefix(of: condition)
    #expect(prefix.count == (model == .standard ? 2 : 1))
    var sampling = model.sampling
    sampling.maximumTokens = 4
    #expect(try t3.speak([9, 8, 7], prefix, sampling).count == 4)
  }
}
