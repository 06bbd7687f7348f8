import Foundation
import Testing

@testable import Chatterbox

@Suite("Presets")
struct PresetTests {
  @Test("the five of the product, each valid")
  func builtIn() {
    let names = ["language_learning", "announcement", "emergency_alert", "narration", "character"]
    #expect(Preset.builtIn.map(\.name) == names)
    for preset in Preset.builtIn { #expect(throws: Never.self) { try preset.validate() } }
  }

  @Test("language_learning and emergency_alert have the product's values")
  func values() {
    let learning = Preset.languageLearning
    #expect(learning.model == "standard")
    #expect(learning.exaggeration == 0.8)
    #expect(learning.speed == 0.9)
    #expect(learning.paralinguisticPrefix == nil)
    let alert = Preset.emergencyAlert
    #expect(alert.model == "turbo")
    #expect(alert.exaggeration == 1.3)
    #expect(alert.speed == 1.1)
    #expect(alert.paralinguisticPrefix == "[clears throat]")
  }

  @Test("JSON has the schema's keys, and reads what it wrote")
  func json() throws {
    let preset = Preset(
      name: "full", model: "turbo", exaggeration: 1, cfgWeight: 0.5, speed: 1, paralinguisticPrefix: "[sigh]",
      description: "all")
    let data = try JSONEncoder().encode(preset)
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(
      Set(object.keys) == [
        "name", "model", "exaggeration", "cfg_weight", "speed", "paralinguistic_prefix", "description",
      ])
    #expect(try JSONDecoder().decode(Preset.self, from: data) == preset)
  }

  @Test("a request's JSON keys are the product's")
  func requestJSON() throws {
    let json = #"{"text": "Hi", "language": "en", "use_case": "narration", "cfg_weight": 0.5, "seed": 7}"#
    let request = try JSONDecoder().decode(SpeechRequest.self, from: Data(json.utf8))
    #expect(
      request == SpeechRequest(text: "Hi", language: "en", preset: "narration", cfgWeight: 0.5, seed: 7))
  }

  static let invalid: [(preset: Preset, field: String)] = [
    (Preset(name: "", model: "turbo"), "name"),
    (Preset(name: "two words", model: "turbo"), "name"),
    (Preset(name: "näher", model: "turbo"), "name"),
    (Preset(name: "../secret", model: "turbo"), "name"),
    (Preset(name: String(repeating: "a", count: 65), model: "turbo"), "name"),
    (Preset(name: "mine", model: ""), "model"),
    (Preset(name: "mine", model: "espeak"), "model"),
    (Preset(name: "mine", model: "Turbo"), "model"),
    (Preset(name: "mine", model: "turbo", exaggeration: 2.1), "exaggeration"),
    (Preset(name: "mine", model: "turbo", exaggeration: .nan), "exaggeration"),
    (Preset(name: "mine", model: "turbo", cfgWeight: 1.1), "cfg_weight"),
    (Preset(name: "mine", model: "turbo", cfgWeight: -0.1), "cfg_weight"),
    (Preset(name: "mine", model: "turbo", speed: 0.4), "speed"),
    (Preset(name: "mine", model: "turbo", speed: .infinity), "speed"),
  ]

  @Test("an invalid preset is refused by its field, and no engine starts with it", arguments: invalid)
  func refused(preset: Preset, field: String) throws {
    let error = try #require(throws: ChatterboxError.self) { try preset.validate() }
    #expect(error.code == .invalidValue)
    #expect(error.field == field)
    let folder = try TemporaryFolder()
    #expect(throws: error) { try Engines.inFolder(folder) { $0.presets = [preset] } }
  }

  @Test("a misspelt model is answered with the nearest")
  func suggestion() throws {
    let error = try #require(throws: ChatterboxError.self) {
      try Preset(name: "mine", model: "standart").validate()
    }
    #expect(error.message.contains("Did you mean 'standard'?"))
  }

  @Test("own presets stand beside the built-in ones and replace those of the same name")
  func own() throws {
    let folder = try TemporaryFolder()
    let engine = try Engines.inFolder(folder) {
      $0.presets = [
        Preset(name: "narration", model: "turbo", speed: 2), Preset(name: "zoo", model: "turbo", speed: 0.5),
      ]
    }
    #expect(
      engine.presets.map(\.name) == [
        "announcement", "character", "emergency_alert", "language_learning", "narration", "zoo",
      ])
    #expect(engine.presets.first { $0.name == "narration" }?.speed == 2)
    #expect(throws: Never.self) { try engine.speak(.init(text: "Hi", preset: "zoo")) }
  }
}
