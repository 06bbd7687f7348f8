import Text

/// Applies presets, checks values and chooses the model: the rules that every transport shares.
struct RequestResolver: Sendable {
  let configuration: EngineConfiguration
  var presets: [String: Preset]
  /// The models that are installed.
  let installed: Set<ModelName>
  /// Custom checkpoints by their names, and what kind of model each is.
  var custom: [String: ModelName] = [:]
  var voices = VoiceStore(directory: ModelStore.standardVoicesDirectory)

  /// Resolves a request.
  ///
  /// - Throws: ``ChatterboxError`` that names the field at fault.
  func resolve(_ request: SpeechRequest, voice: Voice? = nil) throws(ChatterboxError) -> ResolvedRequest {
    let preset = try preset(request.preset)
    let language = try language(request.language)
    var warnings: [SpeechWarning] = []
    let asked = if let name = request.voice, voice == nil { try voices.voice(name) } else { voice }
    let (chosen, name) = try model(request, preset, language, asked, &warnings)
    let voice = try self.voice(asked, chosen, name, &warnings)

    let wanted = request.parameters
    try wanted.check { field, range in
      "\(field) must be a number from \(range.lowerBound) to \(range.upperBound)."
    }
    let parameters = wanted.over(preset?.parameters ?? .init())
    for parameter in parameters.set where !chosen.parameters.contains(parameter) {
      warnings.append(
        SpeechWarning(
          code: "parameter_ignored", message: "The model '\(name)' has no \(parameter.rawValue)."))
    }

    let prefix = request.paralinguisticPrefix ?? preset?.paralinguisticPrefix ?? ""
    let segments = try segments(prefix: prefix, request.text, chosen, language, &warnings)
    return ResolvedRequest(
      segments: segments, language: language, model: chosen, modelName: name, voice: voice,
      parameters: parameters, speed: parameters[.speed] ?? 1,
      priority: request.priority ?? .interactive,
      // Within what a JSON number holds exactly.
      seed: request.seed ?? UInt64.random(in: 0..<1 << 53),
      lexicon: request.lexicon.map(configuration.lexicon.merging) ?? configuration.lexicon,
      warnings: warnings)
  }

  /// The model that speaks, and the name it was asked for by.
  private func model(
    _ request: SpeechRequest, _ preset: Preset?, _ language: Language, _ voice: Voice?,
    _ warnings: inout [SpeechWarning]
  ) throws(ChatterboxError) -> (ModelName, String) {
    if let name = request.model, let kind = custom[name] {
      guard kind.languages.contains(language) else { throw .doesNotSpeak(name, language) }
      return (kind, name)
    }
    let asked = try model(request.model ?? preset?.model, field: request.model == nil ? "use_case" : "model")
    let chosen = try choose(
      asked, language, isExplicit: request.model != nil, for: voice?.family, warnings: &warnings)
    return (chosen, chosen.rawValue)
  }

  /// The voice that was asked for, if the model can speak in it.
  private func voice(
    _ asked: Voice?, _ model: ModelName, _ name: String, _ warnings: inout [SpeechWarning]
  ) throws(ChatterboxError) -> Voice? {
    guard let voice = asked else { return nil }
    guard let family = model.voiceFamily else {
      warnings.append(
        SpeechWarning(code: "voice_ignored", message: "The model '\(name)' has only its own voice."))
      return nil
    }
    guard voice.family == family else {
      throw .wrongFamily(voice, name, model)
    }
    return voice
  }

  private func preset(_ name: String?) throws(ChatterboxError) -> Preset? {
    guard let name else { return nil }
    if let preset = presets[name] { return preset }
    throw .unknown(.unknownPreset, "preset", name, among: presets.keys.sorted(), field: "use_case")
  }

  private func language(_ code: String?) throws(ChatterboxError) -> Language {
    guard let code else { return .english }
    if let language = Language(rawValue: code.lowercased()) { return language }
    throw .unknown(
      .unknownLanguage, "language", code, among: Language.allCases.map(\.code), field: "language")
  }

  private func model(_ name: String?, field: String) throws(ChatterboxError) -> ModelName? {
    guard let name else { return nil }
    if let model = ModelName(rawValue: name) { return model }
    let known = ModelName.allCases.map(\.rawValue) + custom.keys.sorted()
    throw .unknown(.unknownModel, "model", name, among: known, field: field)
  }

  private func choose(
    _ asked: ModelName?, _ language: Language, isExplicit: Bool, for family: Voice.Family?,
    warnings: inout [SpeechWarning]
  ) throws(ChatterboxError) -> ModelName {
    if let asked, isExplicit, !asked.languages.contains(language) {
      throw .doesNotSpeak(asked.rawValue, language)
    }
    if let asked, installed.contains(asked), asked.languages.contains(language) { return asked }
    if let asked, configuration.fallback == .none || asked == .starter || asked == .espeak {
      throw ChatterboxError(.modelNotInstalled, asked.howToInstall, field: "model")
    }
    let best = [ModelName.turbo, .standard, .nano, .multilingual]
    if asked == nil,
      let best = best.first(where: {
        installed.contains($0) && $0.languages.contains(language)
          && (family == nil || $0.voiceFamily == family)
      })
    {
      return best
    }
    let stand: ModelName = language == .english && installed.contains(.starter) ? .starter : .espeak
    guard installed.contains(stand) else {
      throw ChatterboxError(.modelNotInstalled, stand.howToInstall, field: "model")
    }
    if let asked {
      warnings.append(
        SpeechWarning(
          code: "model_fallback",
          message: "The model '\(asked.rawValue)' is not installed; '\(stand.rawValue)' speaks instead."))
    } else if stand == .espeak {
      warnings.append(
        SpeechWarning(
          code: "model_fallback",
          message: "No neural voice for \(language.name) is installed; espeak-ng's synthetic voice speaks."))
    }
    return stand
  }

  private static let longestPrefix = 100

  private func parse(_ text: String, field: String) throws(ChatterboxError) -> [TextSegment] {
    do {
      return try InlineTag.segments(of: text)
    } catch {
      throw ChatterboxError(.invalidValue, "\(error)", field: field)
    }
  }

  private func segments(
    prefix: String, _ text: String, _ chosen: ModelName, _ language: Language,
    _ warnings: inout [SpeechWarning]
  ) throws(ChatterboxError) -> [TextSegment] {
    guard text.utf8.count <= 4 * configuration.textLimit, text.count <= configuration.textLimit else {
      throw ChatterboxError(
        .textTooLong,
        "The text has more than \(configuration.textLimit) characters. Send it in parts.", field: "text")
    }
    guard prefix.utf8.count <= Self.longestPrefix else {
      throw ChatterboxError(
        .invalidValue, "paralinguistic_prefix is a tag such as [clears throat].",
        field: "paralinguistic_prefix")
    }
    let parsed =
      try parse(prefix, field: "paralinguistic_prefix") + parse(text, field: "text")
    var segments: [TextSegment] = []
    var ignoredTags: [String] = []
    for segment in parsed {
      switch (segment, segments.last) {
      case (.paralinguistic(let tag), let before) where chosen.voiceFamily == .turbo:
        // The tokenizer knows the tag: it stays where it stands in the sentence.
        if case .speech(let text) = before {
          segments[segments.count - 1] = .speech("\(text) \(tag)")
        } else {
          segments.append(.speech(tag))
        }
      case (.paralinguistic(let tag), _):
        if !ignoredTags.contains(tag) { ignoredTags.append(tag) }
      case (.speech(let text), .speech(let before)):
        // A sentence with an ignored tag inside is still one sentence.
        segments[segments.count - 1] = .speech("\(before) \(text)")
      default: segments.append(segment)
      }
    }
    for tag in ignoredTags {
      warnings.append(SpeechWarning(code: "tag_ignored", message: "Only Chatterbox Turbo can speak \(tag)."))
    }
    let isSpeakable = segments.contains { segment in
      if case .speech(let text) = segment {
        text.unicodeScalars.contains(where: \.isSpeakable)
      } else {
        false
      }
    }
    if chosen == .espeak, language == .japanese, !Programs.isInstalled("mecab") {
      warnings.append(
        SpeechWarning(
          code: "kanji_unread",
          message: "espeak-ng reads kana only. Install mecab and mecab-ipadic-utf8, and kanji are read too."))
    }
    guard isSpeakable else {
      throw ChatterboxError(
        .emptyText, "The text holds nothing to speak: it needs at least one letter or digit.", field: "text")
    }
    return segments
  }
}

extension Unicode.Scalar {
  /// Whether the scalar is a letter or a digit of some script.
  var isSpeakable: Bool { properties.isAlphabetic || properties.numericType != nil }
}

extension ModelName {
  fileprivate var howToInstall: String {
    switch self {
    case .starter: "The starter voice is not installed. Run 'make setup'."
    case .espeak: "The espeak-ng program is not installed. Run 'make setup', or install espeak-ng."
    case .standard, .turbo, .nano, .multilingual:
      "The model '\(rawValue)' is not installed, and models.fallback is 'none'. "
        + "Install it with 'chatterbox models pull \(rawValue)', or set models.fallback to 'starter'."
    }
  }
}

extension ChatterboxError {
  fileprivate static func doesNotSpeak(_ model: String, _ language: Language) -> ChatterboxError {
    ChatterboxError(
      .invalidValue,
      "The model '\(model)' does not speak \(language.name). Use 'multilingual', or leave the model out.",
      field: "model")
  }

  static func wrongFamily(_ voice: Voice, _ name: String, _ model: ModelName) -> ChatterboxError {
    ChatterboxError(
      .invalidValue,
      "This voice was made for the \(voice.family.rawValue) models, and '\(name)' is not one of them. "
        + "Clone it again with --model \(model.rawValue).",
      field: "voice")
  }

  /// The error of a name that is none of those known, with the nearest of them.
  package static func unknown(
    _ code: Code, _ kind: String, _ name: String, among known: [String], field: String
  ) -> ChatterboxError {
    let nearest = Spelling.nearest(to: name, among: known).map { " Did you mean '\($0)'?" } ?? ""
    return ChatterboxError(
      code, "There is no such \(kind).\(nearest) Known are \(known.joined(separator: ", ")).", field: field)
  }
}

extension RequestResolver {
  /// The rules for these models.
  init(
    configuration: EngineConfiguration, presets: [String: Preset], _ models: [String: any SpeechModel],
    voices: VoiceStore
  ) {
    self.init(
      configuration: configuration, presets: presets, installed: Set(models.keys.compactMap(ModelName.init)),
      custom: models.filter { ModelName(rawValue: $0.key) == nil }.mapValues(\.name), voices: voices)
  }
}
