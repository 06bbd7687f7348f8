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

  @Test("speeches that take turns are what each is alone")
  func turns() throws {
    let (texts, alone) = try three(of: t3, prefix)
    let generations = try texts.enumerated().map { seed, text in
      try t3.generation(of: text, prefix: prefix, sampling: sampling(tokens: 12), seed: UInt64(seed))
    }
    for _ in 0..<12 {
      for generation in generations { _ = try t3.next(generation) }
    }
    #expect(generations.map(\.tokens) == alone)
  }

  @Test("speeches in one pass, joining and leaving, are what each is alone", arguments: [false, true])
  func together(ownKernels: Bool) throws {
    let t3 = try SmallT3.nano.load(on: Backend(ownKernels: ownKernels))
    let prefix = try t3.prefix(of: golden.condition)
    let (texts, alone) = try three(of: t3, prefix)
    let generations = try texts.enumerated().map { seed, text in
      try t3.generation(of: text, prefix: prefix, sampling: sampling(tokens: 12), seed: UInt64(seed))
    }
    for _ in 0..<4 { _ = try t3.next([generations[0]]) }
    for _ in 0..<3 { _ = try t3.next([generations[1], generations[0]]) }
    // The first ends here, and then the second, while the third goes on.
    for _ in 0..<16 { _ = try t3.next(generations) }
    #expect(generations.map(\.tokens) == alone)
    #expect(try t3.next(generations) == [nil, nil, nil])
    #expect(try t3.next([]).isEmpty)
  }

  @Test("guided speeches in one pass with others are what each is alone", arguments: SmallT3.allCases)
  func guidedTogether(model: SmallT3) throws {
    let (golden, t3) = (try model.golden, try model.load())
    let prefix = try t3.prefix(of: golden.condition)
    var plain = model.sampling
    plain.guidance = 0
    (plain.maximumTokens, plain.isGreedy) = (6, true)
    let first = try t3.generation(
      of: golden.textTokens, prefix: prefix, sampling: model.sampling, seed: 0)
    let second = try t3.generation(of: golden.textTokens, prefix: prefix, sampling: plain, seed: 0)
    for rows in golden.logits.prefix(6) {
      _ = try t3.next([second, first])
      for (ours, theirs) in zip(first.logits, rows) {
        #expect(cosine(thinned(ours, golden.stride), theirs) > 0.999999)
      }
      #expect(second.logits.count == 1)
    }
  }

  private func three(of t3: T3, _ prefix: T3Prefix) throws -> (texts: [[Int32]], speeches: [[Int32]]) {
    let texts = [golden.textTokens, Array(golden.textTokens.reversed()), [1, 2, 3]]
    return (
      texts,
      try texts.enumerated().map { seed, text in
        try t3.speak(text, prefix, sampling(tokens: 12), seed: UInt64(seed))
      }
    )
  }

  @Test("a speech after another is what it would be first")
  func reuse() throws {
    _ = try t3.speak(Array(golden.textTokens.reversed()), prefix, sampling(tokens: 40))
    let again = try t3.speak(golden.textTokens, prefix, sampling(tokens: 25, greedy: true))
    #expect(again == golden.speechTokens)
  }

  @Test("a speech that is over leaves its room to the next one")
  func room() throws {
    let room = t3.pool.room
    var first: T3Generation? = try t3.generation(
      of: golden.textTokens, prefix: prefix, sampling: sampling(tokens: 20), seed: 0)
    let taken = room - t3.pool.room
    #expect(taken == golden.textTokens.count + 1 + 20)
    let second = try t3.generation(
      of: golden.textTokens, prefix: prefix, sampling: sampling(tokens: 20), seed: 0)
    let table = try #require(first).sequences[0].table
    #expect(Set(table).intersection(second.sequences[0].table).count == prefix.count)
    first = nil
    #expect(t3.pool.room == room - taken)
    let third = try t3.generation(
      of: golden.textTokens, prefix: prefix, sampling: sampling(tokens: 20), seed: 0)
    #expect(third.sequences[0].table == table)
  }

  @Test("a speech that there is no room for is refused, and takes nothing")
  func noRoom() throws {
    let (room, tokens) = (t3.pool.room, t3.pool.room)
    let rest = try #require(t3.pool.take(room - 10))
    #expect(throws: T3Error.self) {
      _ = try t3.generation(of: [1], prefix: prefix, sampling: sampling(tokens: tokens), seed: 0)
    }
    #expect(throws: T3Error.noRoom(positions: prefix.count, free: 10)) {
      _ = try t3.prefix(of: golden.condition)
    }
    #expect(t3.pool.room == 10)
    withExtendedLifetime(rest) {}
  }

  @Test("a prefix goes back when no speech starts from it any more")
  func prefixes() throws {
    let room = t3.pool.room
    var other: T3Prefix? = try t3.prefix(of: golden.condition)
    let count = try #require(other?.count)
    var speech: T3Generation? = try t3.generation(
      of: [1], prefix: #require(other), sampling: sampling(tokens: 2), seed: 0)
    other = nil
    #expect(t3.pool.room < room - count)
    withExtendedLifetime(speech) {}
    speech = nil
    #expect(t3.pool.room == room)
  }

  @Test("a speech across several blocks of positions gives the same on both kinds of kernels")
  func blocks() throws {
    let others = try SmallT3.nano.load(on: Backend(ownKernels: false))
    let sampling = sampling(tokens: 500, greedy: true)
    let ours = try t3.generation(of: golden.textTokens, prefix: prefix, sampling: sampling, seed: 0)
    let theirs = try others.generation(
      of: golden.textTokens, condition: golden.condition, sampling: sampling, seed: 0)
    for place in 0..<450 {
      _ = (try t3.next(ours), try others.next(theirs))
      #expect(cosine(ours.logits[0], theirs.logits[0]) > 0.99999)
      let token = Int32(place * 31 % 6561)
      t3.replaceLastToken(of: ours, by: token)
      others.replaceLastToken(of: theirs, by: token)
    }
    #expect(ours.sequences[0].count > 2 * CachedAttention.Shape.block)
  }

  @Test("the longest speech is a limit, and nothing follows it")
  func limit() throws {
    let generation = try t3.generation(
      of: golden.textTokens, prefix: prefix, sampling: sampling(tokens: 3), seed: 1)
    for _ in 0..<3 { #expect(try t3.next(generation) != nil) }
    #expect(try t3.next(generation) == nil)
    #expect(generation.isFinished && generation.tokens.count == 3)
    #expect(try t3.next(generation) == nil)
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
    let generation = try t3.generation(
      of: golden.textTokens, condition: golden.condition, sampling: .turbo, seed: 0)
    #expect(try t3.next(generation) == nil)
    #expect(generation.isFinished && generation.tokens.isEmpty)
  }
}
