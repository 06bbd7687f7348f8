import Chatterbox

/// The presets of a configuration in the making, the built-in ones among them.
struct PresetDrafts {
  private struct Draft {
    var preset: Preset
    /// Whether it differs from what the engine has anyway.
    var isConfigured = false
    /// Where the preset, and each of its keys, was written.
    var place = ConfigurationError.Place.file("built-in")
    var places: [String: ConfigurationError.Place] = [:]

    /// The name of a setting's variable, after the section's prefix.
    func variable(_ setting: Setting<Preset>) -> String {
      String(preset.name.uppercased().map { $0 == "-" ? "_" : $0 }) + "_" + setting.variable
    }
  }

  private var drafts = Preset.builtIn.map { Draft(preset: $0) }

  /// Takes over the presets of a file. One with a built-in preset's name takes its place.
  mutating func read(_ section: WrittenValue) throws(ConfigurationError) {
    var configured: [Draft] = []
    for entry in try section.entries(of: "presets") {
      let name = "presets.\(entry.key.excerpt)"
      var draft = Draft(preset: Preset(name: entry.key, model: ""), isConfigured: true, place: entry.place)
      try ConfigurationKeys.preset.apply(entry.value, in: name, to: &draft.preset)
      for key in try entry.value.entries(of: name) { draft.places[key.key] = key.place }
      configured.append(draft)
    }
    let names = Set(configured.map(\.preset.name))
    drafts.removeAll { names.contains($0.preset.name) }
    drafts += configured
  }

  /// Lets environment variables change presets of the file and built-in ones.
  mutating func override(with variables: EnvironmentVariables) throws(ConfigurationError) {
    for variable in variables.of(.presets) {
      var isKnown = false
      for index in drafts.indices {
        for setting in ConfigurationKeys.preset where drafts[index].variable(setting) == variable.key {
          let name = "presets.\(drafts[index].preset.name)"
          try setting.apply(variable.value, in: name, to: &drafts[index].preset)
          drafts[index].places[setting.name] = variable.value.place
          drafts[index].isConfigured = true
          isKnown = true
        }
      }
      if !isKnown { throw unknown(variable) }
    }
  }

  /// The configured presets, each of them valid.
  func validated() throws(ConfigurationError) -> [Preset] {
    let configured = drafts.filter(\.isConfigured)
    for draft in configured {
      guard !draft.preset.model.isEmpty else {
        throw ConfigurationError(
          .missingKey, at: draft.places[Preset.CodingKeys.model.rawValue] ?? draft.place,
          "presets.\(draft.preset.name.excerpt) needs a model: standard, turbo or multilingual.")
      }
      do {
        try draft.preset.validate()
      } catch {
        let place = error.field.flatMap { draft.places[$0] } ?? draft.place
        throw ConfigurationError(.wrongValue, at: place, error.message)
      }
    }
    return configured.map(\.preset)
  }

  private func unknown(_ variable: EnvironmentVariables.Variable) -> ConfigurationError {
    let known = drafts.flatMap { draft in ConfigurationKeys.preset.map(draft.variable) }
    return .unknownVariable(
      variable.name, prefix: EnvironmentVariables.prefix(of: .presets), among: known)
  }
}
