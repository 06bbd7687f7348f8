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
    let rows = configuration.usesGuidance && sampling.guidance > 0 ? 2 : 1
    do throws(TensorError) {
      let sequence = try sequence(
        from: prefix, room: prefix.count + text.count + T3Sequence.block, rows: rows)
      let pass = try open(sequence, text: text)
      var generation = T3Generation(
        sequence: sequence,
        sampler: TokenSampler(sampling, for: configuration.backbone, seed: seed),
        analyzer: configuration.isMultilingual
          ? AlignmentAnalyzer(
            text: prefix.count..<prefix.count + text.count, stopToken: configuration.stopSpeech) : nil,
        guardian: sampling.endsLoops && !configuration.isMultilingual ? RepetitionGuard() : nil,
        limit: limit(sampling, sequence))
      generation.pass = pass
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
  package func next(_ generation: inout T3Generation) throws(T3Error) -> Int32? {
    guard !generation.isFinished, generation.tokens.count < generation.limit else {
      generation.isFinished = true
      return nil
    }
    let pass: T3Pass
    do throws(TensorError) {
      if let ready = generation.pass {
        pass = ready
      } else {
        pass = try step(
          generation.sequence, token: generation.tokens.last ?? configuration.startSpeech,
          place: generation.tokens.count)
      }
    } catch {
      throw .device(error)
    }
    generation.pass = nil
    generation.logits = pass.logits
    guard let token = choose(&generation, pass), token != configuration.stopSpeech else {
      generation.isFinished = true
      return nil
    }
    generation.tokens.append(token)
    if generation.guardian?.isCircling(generation.tokens) ?? false { generation.isFinished = true }
    return token
  }

  /// Goes on as if another token had been chosen last, to follow a speech that is known.
  package func replaceLastToken(of generation: inout T3Generation, by token: Int32) {
    precondition((0..<Int32(configuration.speechVocabulary)).contains(token))
    if generation.isFinished { generation.isFinished = false } else { generation.tokens.removeLast() }
    generation.tokens.append(token)
  }

  private func choose(_ generation: inout T3Generation, _ pass: T3Pass) -> Int32? {
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

  /// The most tokens: as asked for, or as many as there are positions for.
  private func limit(_ sampling: T3Sampling, _ sequence: T3Sequence) -> Int {
    var limit = sampling.maximumTokens
    if let positions = configuration.speechPositions { limit = min(limit, positions - 1) }
    if let positions = configuration.positions { limit = min(limit, positions - sequence.count) }
    return max(1, limit)
  }
}
