internal import Tensor

// From text to speech tokens.
extension T3 {
  /// Starts the speech of a text.
  ///
  /// - Parameters:
  ///   - textTokens: the tokenizer's, without start and stop tokens; at least one.
  ///   - prefix: the voice.
  ///   - sampling: how tokens are chosen.
  ///   - seed: equal seeds give equal speech.
  /// - Throws: ``T3Error``.
  package func generation(
    of textTokens: [Int32], prefix: T3Prefix, sampling: T3Sampling, seed: UInt64
  ) throws(T3Error) -> T3Generation {
    try sampling.check()
    let text = try checked(textTokens, prefix: prefix)
    let start = prefix.count + text.count + embeddings.starts
    let limit = limit(sampling, start: start)
    var sequences: [T3Sequence] = []
    for _ in 0..<(configuration.usesGuidance && sampling.guidance > 0 ? 2 : 1) {
      let room = start - prefix.count + limit
      guard let own = pool.take(room) else { throw .noRoom(positions: room, free: pool.room) }
      sequences.append(T3Sequence(from: prefix, own: own))
    }
    let generation = T3Generation(
      sequences: sequences,
      sampler: TokenSampler(sampling, for: configuration.backbone, seed: seed),
      analyzer: configuration.isMultilingual
        ? AlignmentAnalyzer(
          text: prefix.count..<prefix.count + text.count, stopToken: configuration.stopSpeech) : nil,
      guardian: sampling.endsLoops && !configuration.isMultilingual ? RepetitionGuard() : nil, limit: limit)
    do throws(TensorError) {
      generation.pass = try open(sequences, text: text)
      return generation
    } catch {
      throw .device(error)
    }
  }

  /// Starts the speech of a text in the voice of a condition, which is taken in first.
  ///
  /// - Throws: ``T3Error``.
  package func generation(
    of textTokens: [Int32], condition: T3Condition, sampling: T3Sampling, seed: UInt64
  ) throws(T3Error) -> T3Generation {
    try generation(of: textTokens, prefix: prefix(of: condition), sampling: sampling, seed: seed)
  }

  /// The next speech token, or `nil` at the speech's end. Tokens of 6561 and more make no sound.
  ///
  /// - Throws: ``T3Error/device(_:)``.
  package func next(_ generation: T3Generation) throws(T3Error) -> Int32? {
    try next([generation])[0]
  }

  /// The next speech token of each, all in one pass, which reads the weights once; `nil` for a speech at its
  /// end. Others than these may join or leave with every call.
  ///
  /// - Throws: ``T3Error/device(_:)``.
  package func next(_ generations: [T3Generation]) throws(T3Error) -> [Int32?] {
    for generation in generations where generation.tokens.count >= generation.limit {
      generation.isFinished = true
    }
    let waiting = generations.filter { !$0.isFinished && $0.pass == nil }
    if !waiting.isEmpty {
      do throws(TensorError) {
        for (generation, pass) in zip(waiting, try step(waiting)) { generation.pass = pass }
      } catch {
        throw .device(error)
      }
    }
    return generations.map { $0.isFinished ? nil : token(of: $0) }
  }

  private func token(of generation: T3Generation) -> Int32? {
    guard let pass = generation.pass.take() else { return nil }
    generation.logits = pass.logits
    guard let token = choose(generation, pass), token != configuration.stopSpeech else {
      generation.isFinished = true
      return nil
    }
    generation.tokens.append(token)
    if generation.guardian?.isCircling(generation.tokens) ?? false { generation.isFinished = true }
    return token
  }

  /// Goes on as if another token had been chosen last, to follow a speech that is known.
  package func replaceLastToken(of generation: T3Generation, by token: Int32) {
    precondition((0..<Int32(configuration.speechVocabulary)).contains(token))
    if generation.isFinished { generation.isFinished = false } else { generation.tokens.removeLast() }
    generation.tokens.append(token)
  }

  private func choose(_ generation: T3Generation, _ pass: T3Pass) -> Int32? {
    var logits = guided(pass, by: generation.sampler.sampling.guidance)
    generation.analyzer?.check(&logits, pass, after: generation.tokens.last ?? configuration.startSpeech)
    let start = [configuration.startSpeech]
    // Turbo's penalty forgets the start token after the first step; the others keep it.
    let history =
      configuration.backbone == .llama
      ? start + generation.tokens : generation.tokens.isEmpty ? start : generation.tokens
    return generation.sampler.choose(logits, history: history)
  }

  /// Classifier-free guidance: away from what would be said without the text.
  ///
  /// Source: Ho and Salimans, "Classifier-Free Diffusion Guidance", 2022.
  func guided(_ pass: T3Pass, by weight: Float) -> [Float] {
    guard pass.logits.count == 2 else { return pass.logits[0] }
    return zip(pass.logits[0], pass.logits[1]).map { $0 + weight * ($0 - $1) }
  }

  private func checked(_ tokens: [Int32], prefix: T3Prefix) throws(T3Error) -> [Int32] {
    guard !tokens.isEmpty else { throw .emptyText }
    try check(tokens, vocabulary: configuration.textVocabulary)
    let text =
      configuration.backbone == .llama
      ? [configuration.startText] + tokens + [configuration.stopText] : tokens
    // Where text and speech share positions, a text leaves at least as many to its speech.
    let limit = configuration.textPositions ?? ((configuration.positions ?? 0) - prefix.count) / 2
    guard text.count <= limit else {
      throw .textTooLong(tokens: tokens.count, limit: max(0, limit - (text.count - tokens.count)))
    }
    return text
  }

  /// The most tokens: as asked for, or as many as there are positions for after `start`.
  private func limit(_ sampling: T3Sampling, start: Int) -> Int {
    var limit = sampling.maximumTokens
    if let positions = configuration.speechPositions { limit = min(limit, positions - 1) }
    if let positions = configuration.positions { limit = min(limit, positions - start) }
    return max(1, limit)
  }
}
