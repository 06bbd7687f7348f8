/// Chooses speech tokens, one after the other, from their logits.
struct TokenSampler: Sendable {
  let sampling: T3Sampling
  let backbone: T3Configuration.Backbone
  private var uniform: SeededUniform

  init(_ sampling: T3Sampling, for backbone: T3Configuration.Backbone, seed: UInt64) {
    (self.sampling, self.backbone) = (sampling, backbone)
    uniform = SeededUniform(seed: seed)
  }

  /// The next token, or `nil` when none is left to choose from.
  ///
  /// - Parameters:
  ///   - logits: one for every speech token.
  ///   - history: the tokens that the repetition penalty is for.
  mutating func choose(_ logits: [Float], history: [Int32]) -> Int32? {
    let processed = process(logits, history: history)
    guard let likeliest = processed.indices.max(by: { processed[$0] < processed[$1] }),
      processed[likeliest] > -.infinity
    else { return nil }
    if sampling.isGreedy || sampling.temperature == 0 { return Int32(likeliest) }
    return Int32(draw(processed.softmax) ?? likeliest)
  }

  /// The logits after all processors, in the reference's order.
  func process(_ logits: [Float], history: [Int32]) -> [Float] {
    var logits = logits
    let temper = sampling.temperature != 0 && sampling.temperature != 1
    switch backbone {
    case .llama:
      logits.penalize(history, by: sampling.repetitionPenalty)
      if temper { logits.temper(sampling.temperature) }
      logits.keepMinimumP(sampling.minimumP)
      logits.keepTopP(sampling.topP)
    case .gpt2:
      if temper { logits.temper(sampling.temperature) }
      if sampling.topK > 0 { logits.keepTopK(sampling.topK) }
      if sampling.topP < 1 { logits.keepTopP(sampling.topP) }
      logits.penalize(history, by: sampling.repetitionPenalty)
    }
    return logits
  }

  private mutating func draw(_ probabilities: [Float]) -> Int? {
    let target = uniform.next()
    var sum = 0.0
    for (index, probability) in probabilities.enumerated() where probability > 0 {
      sum += Double(probability)
      if target < sum { return index }
    }
    // Rounding may leave the sum below 1, and the target above it.
    return probabilities.lastIndex { $0 > 0 }
  }
}
