/// A number that a request or a preset can set, by its JSON name.
package enum SpeechParameter: String, CaseIterable, Sendable {
  /// Emotion.
  case exaggeration
  /// Classifier-free guidance.
  case cfgWeight = "cfg_weight"
  /// Pace.
  case speed
  /// How freely speech tokens are drawn; 0 always takes the likeliest.
  case temperature
  /// The share of probability that tokens are drawn from.
  case topP = "top_p"
  /// The least probability of a token, as a share of the likeliest one's.
  case minP = "min_p"
  /// How many of the likeliest tokens are drawn from.
  case topK = "top_k"
  /// What a token that has been said is divided by.
  case repetitionPenalty = "repetition_penalty"
  /// Steps from noise to mel: fewer are faster, and rougher.
  case flowSteps = "flow_steps"
  /// How much of the voice's recording the decoder hears: less is faster, and less like the voice.
  case promptSeconds = "prompt_seconds"

  /// What it may be: the one place that says it.
  ///
  /// Source: the product document's preset schema (Appendix B); the reference's demos for how tokens are drawn.
  var range: ClosedRange<Double> {
    switch self {
    case .exaggeration: 0...2
    case .cfgWeight: 0...1
    case .speed: 0.5...2
    case .temperature: 0...5
    case .topP, .minP: 0...1
    case .topK: 1...10_000
    case .repetitionPenalty: 1...5
    case .flowSteps: 1...50
    case .promptSeconds: 1...10
    }
  }
}

extension ModelName {
  /// The parameters that a model has.
  package var parameters: Set<SpeechParameter> {
    switch self {
    case .standard, .multilingual:
      [
        .exaggeration, .cfgWeight, .speed, .temperature, .topP, .minP, .repetitionPenalty, .flowSteps,
        .promptSeconds,
      ]
    case .turbo, .nano:
      [.speed, .temperature, .topP, .topK, .repetitionPenalty, .flowSteps, .promptSeconds]
    case .starter, .espeak: [.speed]
    }
  }

  /// The parameters' values where nobody sets them.
  ///
  /// Source: `generate` in the reference's `tts.py`, `mtl_tts.py`, `tts_turbo.py`.
  package func standard(_ parameter: SpeechParameter) -> Double {
    switch parameter {
    case .exaggeration, .cfgWeight: 0.5
    case .speed: 1
    case .temperature: 0.8
    case .topP: voiceFamily == .turbo ? 0.95 : 1
    case .minP: voiceFamily == .turbo ? 0 : 0.05
    case .topK: 1000
    case .repetitionPenalty: self == .multilingual ? 2 : 1.2
    case .flowSteps: voiceFamily == .turbo ? 2 : 10
    case .promptSeconds: 10
    }
  }
}

/// The parameters that someone has set.
package struct SpeechParameters: Hashable, Sendable {
  private var values: [SpeechParameter: Double] = [:]

  package subscript(_ parameter: SpeechParameter) -> Double? {
    get { values[parameter] }
    set { values[parameter] = newValue }
  }

  /// Those that are set, in the order of their declaration.
  package var set: [SpeechParameter] { SpeechParameter.allCases.filter { values[$0] != nil } }

  /// These, and the others' where these are not set.
  func over(_ others: SpeechParameters) -> SpeechParameters {
    var merged = others
    for parameter in set { merged[parameter] = self[parameter] }
    return merged
  }

  /// Checks every value against its range.
  ///
  /// - Parameter message: the error's words for a parameter, by its JSON name, and its range.
  /// - Throws: ``ChatterboxError`` that names the first parameter at fault.
  func check(
    message: (_ field: String, _ range: ClosedRange<Double>) -> String
  ) throws(ChatterboxError) {
    for parameter in set where !parameter.range.contains(self[parameter] ?? .nan) {
      throw ChatterboxError(
        .invalidValue, message(parameter.rawValue, parameter.range), field: parameter.rawValue)
    }
  }
}

extension SpeechRequest {
  var parameters: SpeechParameters {
    var parameters = SpeechParameters()
    parameters[.exaggeration] = exaggeration
    parameters[.cfgWeight] = cfgWeight
    parameters[.speed] = speed
    parameters[.temperature] = temperature
    parameters[.topP] = topP
    parameters[.minP] = minP
    parameters[.topK] = topK.map(Double.init)
    parameters[.repetitionPenalty] = repetitionPenalty
    parameters[.flowSteps] = flowSteps.map(Double.init)
    parameters[.promptSeconds] = promptSeconds
    return parameters
  }
}

extension Preset {
  var parameters: SpeechParameters {
    var parameters = SpeechParameters()
    parameters[.exaggeration] = exaggeration
    parameters[.cfgWeight] = cfgWeight
    parameters[.speed] = speed
    return parameters
  }
}
