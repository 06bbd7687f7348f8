import Tensor
import Testing

@testable import Models

@Suite("T3 generation")
struct T3GenerationTests {
  let golden: T3Golden
  let t3: T3
  let prefix: T3Prefix

  init() throws {
    golden = try SmallT3.nano.golden
    t3 = try SmallT3.nano.load()
    prefix = try t3.prefix(of: golden.condition)
  }

  private func sampling(tokens: Int, greedy: Bool = false) -> T3Sampling {
    var sampling = T3Sampling.turbo
    (sampling.maximumTokens, sampling.isGreedy) = (tokens, greedy)
    return sampling
  }

  @Test("a seed reproduces its speech; another seed says it otherwise")
  func seeds() throws {
    let first = try t3.speak(golden.textTokens, prefix, sampling(tokens: 30), seed: 7)
    #expect(first.count == 30)
    #expect(try t3.speak(golden.textTokens, prefix, sampling(tokens: 30), seed: 7) == first)
    #expect(try t3.speak(golden.textTokens, prefix, sampling(tokens: 30), seed: 8) != first)
  }

  @Test("temperature 0 is greedy")
  func coldest() throws {
    var cold = sampling(tokens: 20)
    (cold.temperature, cold.topP) = (0, 1)
    var greedy = cold
    (greedy.temperature, greedy.isGreedy) = (1, true)
    let expected = try t3.speak(golden.textTokens, prefix, greedy)
    #expect(try t3.speak(golden.textTokens, prefix, cold, seed: 1) == expected)
  }

  @Test("two speeches that take turns are what each is alone")
  func turns() throws {
    let other = Array(golden.textTokens.reversed())
    let alone = [
      try t3.speak(golden.textTokens, prefix, sampling(tokens: 12), seed: 1),
      try t3.speak(other, prefix, sampling(tokens: 12), seed: 2),
    ]
    var first = try t3.generation(
      of: golden.textTokens, prefix: prefix, sampling: sampling(tokens: 12), seed: 1)
    var second = try t3.generation(of: other, prefix: prefix, sampling: sampling(tokens: 12), seed: 2)
    for _ in 0..<12 {
      _ = try t3.next(&first)
      _ = try t3.next(&second)
    }
    #expect([first.tokens, second.tokens] == alone)
  }

  @Test("a speech after another is what it would be first")
  func reuse() throws {
    _ = try t3.speak(Array(golden.textTokens.reversed()), prefix, sampling(tokens: 40))
    let again = try t3.speak(golden.textTokens, prefix, sampling(tokens: 25, greedy: true))
    #expect(again == golden.speechTokens)
  }

  @Test("a speech that is over leaves its memory to the next one")
  func memory() throws {
    for _ in 0..<3 { _ = try t3.speak(golden.textTokens, prefix, sampling(tokens: 2)) }
    #expect(t3.sequences.count == 1)
    let first = try t3.generation(of: [1], prefix: prefix, sampling: .turbo, seed: 0)
    let second = try t3.generation(of: [1], prefix: prefix, sampling: .turbo, seed: 0)
    #expect(t3.sequences.count == 2)
    #expect(first.sequence !== second.sequence)
    _ = try t3.speak(golden.textTokens, prefix, sampling(tokens: 2))
    withExtendedLifetime((first.sequence, second.sequence)) { #expect(t3.sequences.count == 3) }
  }

  @Test("a cache that grows block by block gives the logits of one that was large at once")
  func growth() throws {
    let room = prefix.count + golden.textTokens.count + 1
    var sequences: [T3Sequence] = []
    for room in [room, 3 * T3Sequence.block] {
      let sequence = try t3.sequence(from: prefix, room: room, rows: 1)
      _ = try t3.open(sequence, text: golden.textTokens)
      sequences.append(sequence)
    }
    #expect(sequences[0].cache.capacity < sequences[1].cache.capacity)
    for place in 1...2 * T3Sequence.block {
      let token = Int32(place * 31 % 6561)
      let grown = try t3.step(sequences[0], token: token, place: place)
      let large = try t3.step(sequences[1], token: token, place: place)
      #expect(grown.logits == large.logits)
    }
    #expect(sequences[0].cache.capacity == 3 * T3Sequence.block)
  }

  @Test("the longest speech is a limit, and nothing follows it")
  func limit() throws {
    var generation = try t3.generation(
      of: golden.textTokens, prefix: prefix, sampling: sampling(tokens: 3), seed: 1)
    for _ in 0..<3 { #expect(try t3.next(&generation) != nil) }
    #expect(try t3.next(&generation) == nil)
    #expect(generation.isFinished && generation.tokens.count == 3)
    #expect(try t3.next(&generation) == nil)
  }

  @Test("a speech that goes round in circles ends, if wanted")
  func loops() throws {
    // Without logits of its own every step says what the bias says.
    let file = try SmallT3.nano.damaged(
      "[\"speech_head.bias\",[6563],",
      "[\"speech_head.bias\",[6563],[[77,0,0],[1,1000,0],[6485,0,0]]],[\"x\",[1],")
    let t3 = try T3(file, on: Backend())
    let prefix = try t3.prefix(of: golden.condition)
    var sampling = sampling(tokens: 130)
    #expect(try t3.speak([1], prefix, sampling) == [Int32](repeating: 77, count: 101))
    sampling.endsLoops = false
    #expect(try t3.speak([1], prefix, sampling).count == 130)
  }

  @Test("learned positions end a speech where they end")
  func positions() throws {
    // 768 positions: the prefix and the text with its start token take theirs first.
    let most = 768 - prefix.count - golden.textTokens.count - 1
    let sampling = T3Sampling(repetitionPenalty: 1.2, isGreedy: true, maximumTokens: 2000)
    #expect(try t3.speak(golden.textTokens, prefix, sampling).count == most)
  }

  @Test("the stop token ends a speech and is not part of it")
  func stop() throws {
    // A bias that outdoes every logit, on the last token but zero.
    let file = try SmallT3.nano.damaged(
      "[\"speech_head.bias\",[6563],", "[\"speech_head.bias\",[6563],[[6562,0,0],[1,1000,0]]],[\"x\",[1],")
    let t3 = try T3(file, on: Backend())
    var generation = try t3.generation(
      of: golden.textTokens, condition: golden.condition, sampling: .turbo, seed: 0)
    #expect(try t3.next(&generation) == nil)
    #expect(generation.isFinished && generation.tokens.isEmpty)
  }
}
