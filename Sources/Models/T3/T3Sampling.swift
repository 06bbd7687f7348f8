/// How the next speech token is chosen.
///
/// Source: the arguments of `generate` in the reference's `tts.py`, `tts_turbo.py` and `mtl_tts.py`.
package struct T3Sampling: Hashable, Sendable {
  /// Below 1 likely tokens become likelier; 0 always takes the likeliest.
  package var temperature: Float
  /// Above 1 tokens that were spoken become less likely.
  package var repetitionPenalty: Float
  /// The share of the likeliest token's probability that another needs. Llama models only.
  package var minimumP: Float
  /// The likeliest tokens that together have this probability are kept.
  package var topP: Float
  /// How many of the likeliest tokens are kept; 0 for all. GPT-2 models only.
  package var topK: Int
  /// How far the text pulls away from speech without text. Llama models only.
  package var guidance: Float
  /// Takes the likeliest token of those left, instead of drawing one.
  package var isGreedy: Bool
  /// The most tokens; the stop token does not count.
  package var maximumTokens: Int
  /// Ends a speech that repeats itself for seconds (``RepetitionGuard``); the reference would go on.
  /// Multilingual models, whose alignment is watched, do not need it.
  package var endsLoops: Bool

  /// Creates parameters.
  package init(
    temperature: Float = 0.8, repetitionPenalty: Float = 1.2, minimumP: Float = 0, topP: Float = 1,
    topK: Int = 0, guidance: Float = 0, isGreedy: Bool = false, maximumTokens: Int = 1000,
    endsLoops: Bool = true
  ) {
    self.temperature = temperature
    self.repetitionPenalty = repetitionPenalty
    self.minimumP = minimumP
    self.topP = topP
    self.topK = topK
    self.guidance = guidance
    self.isGreedy = isGreedy
    self.maximumTokens = maximumTokens
    self.endsLoops = endsLoops
  }

  /// The reference's defaults for Standard.
  package static let standard = T3Sampling(minimumP: 0.05, guidance: 0.5)
  /// The reference's defaults for Multilingual, as of PyPI's 0.1.7; later sources penalize by 1.2.
  package static let multilingual = T3Sampling(repetitionPenalty: 2, minimumP: 0.05, guidance: 0.5)
  /// The reference's defaults for Turbo and Nano.
  package static let turbo = T3Sampling(topP: 0.95, topK: 1000)

  func check() throws(T3Error) {
    let rules: [(name: String, value: Float, isGood: (Float) -> Bool, expected: String)] = [
      ("temperature", temperature, { $0 >= 0 && $0.isFinite }, "0 or more"),
      ("repetition penalty", repetitionPenalty, { $0 > 0 && $0.isFinite }, "more than 0"),
      ("minimum p", minimumP, { (0...1).contains($0) }, "0 to 1"),
      ("top p", topP, { (0...1).contains($0) }, "0 to 1"),
      ("guidance", guidance, { $0 >= 0 && $0.isFinite }, "0 or more"),
      ("top k", Float(topK), { $0 >= 0 }, "0 or more"),
      ("most tokens", Float(maximumTokens), { $0 >= 1 }, "1 or more"),
    ]
    for rule in rules where !rule.isGood(rule.value) {
      throw .badParameter(name: rule.name, value: rule.value, expected: rule.expected)
    }
  }
}
