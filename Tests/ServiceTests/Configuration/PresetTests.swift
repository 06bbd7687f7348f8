import Chatterbox
import Testing

@testable import Service

@Suite("Configured presets")
struct PresetTests {
  @Test("take every key of the schema")
  func everyKey() throws {
    let yaml = """
      presets:
        calm-1:
          model: multilingual
          exaggeration: 0
          cfg_weight: 1.0
          speed: 2
          paralinguistic_prefix: "[sigh]"
          description: Calm
      """
    let calm = Preset(
      name: "calm-1", model: "multilingual", exaggeration: 0, cfgWeight: 1, speed: 2,
      paralinguisticPrefix: "[sigh]", description: "Calm")
    #expect(try load(yaml).presets == [calm])
  }

  @Test(
    "outside the schema are refused at the line of the key",
    arguments: [
      "exaggeration: 2.1", "exaggeration: -0.1", "cfg_weight: 1.01", "speed: 0.49", "speed: 2.01",
      "model: nano",
    ])
  func outsideSchema(setting: String) throws {
    let model = setting.hasPrefix("model") ? "description: x" : "model: turbo"
    let error = try failure("presets:\n  calm:\n    \(model)\n    \(setting)\n")
    #expect(error?.kind == .wrongValue)
    #expect(error?.place == .line(4, file: "config.yaml"))
  }

  @Test("with a misspelt model come with the nearest one")
  func misspeltModel() throws {
    let message = try failure("presets: {calm: {model: standart}}")?.message
    #expect(message?.contains("Did you mean 'standard'?") == true)
  }

  @Test("need a model", arguments: ["{}", "~", "{speed: 1}", "{model: }"])
  func missingModel(preset: String) throws {
    let error = try failure("\npresets: {calm: \(preset)}")
    #expect(error?.kind == .missingKey)
    #expect(
      error?.description == "config.yaml:2: presets.calm needs a model: standard, turbo or multilingual.")
  }

  @Test("need a plain name", arguments: ["\"\"", "with space", "a/b", "café", "'../x'"])
  func names(name: String) throws {
    let error = try failure("presets:\n  \(name): {model: turbo}")
    #expect(error?.kind == .wrongValue)
    #expect(error?.place == .line(2, file: "config.yaml"))
  }

  @Test("replace a built-in one as a whole")
  func replacesBuiltIn() throws {
    let presets = try load("presets: {narration: {model: turbo}}").presets
    #expect(presets == [Preset(name: "narration", model: "turbo")])
  }

  @Test(
    "want numbers without quotes and text that is text", arguments: ["speed: \"1\"", "description: 2024"])
  func types(setting: String) throws {
    #expect(try failure("presets: {calm: {model: turbo, \(setting)}}")?.kind == .wrongValue)
  }
}
