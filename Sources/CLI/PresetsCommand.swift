import ArgumentParser
import Chatterbox
import Foundation

/// `chatterbox presets`: named parameters for use cases.
struct PresetsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "presets", abstract: "Show the presets that requests can name.", subcommands: [List.self],
    defaultSubcommand: List.self)

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List presets, built-in and configured.")

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var engineOptions: EngineOptions

    func run() async throws {
      let presets = try engineOptions.makeEngine().presets
      if json { return try printJSON(presets) }
      for preset in presets {
        let name = preset.name.padding(toLength: max(20, preset.name.count + 2), withPad: " ", startingAt: 0)
        print(name + parameters(preset))
        if let description = preset.description { print("  \(description)") }
      }
    }

    private func parameters(_ preset: Preset) -> String {
      let numbers = [
        ("exaggeration", preset.exaggeration), ("cfg_weight", preset.cfgWeight), ("speed", preset.speed),
      ]
      let parts = numbers.compactMap { name, value in value.map { "\(name) \($0)" } }
      return ([preset.model] + parts + [preset.paralinguisticPrefix].compactMap { $0 }).joined(
        separator: ", ")
    }
  }
}
