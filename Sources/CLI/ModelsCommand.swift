import ArgumentParser
import Chatterbox
import Foundation

/// `chatterbox models`: what can speak on this machine.
struct ModelsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models", abstract: "Show what can speak on this machine.", subcommands: [List.self],
    defaultSubcommand: List.self)

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List models and whether they are installed.")

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var engineOptions: EngineOptions

    func run() async throws {
      let models = try engineOptions.makeEngine().store.models
      if json { return try printJSON(models) }
      for model in models {
        let mark = model.installed ? "✓" : "–"
        print("\(mark) \(model.name.padding(toLength: 14, withPad: " ", startingAt: 0))\(model.description)")
      }
      print(
        "\n✓ installed   – not installed: '\(models.first { $0.installed }?.name ?? "nothing")' speaks instead"
      )
    }
  }
}

/// Prints a value as JSON that people can read.
func printJSON(_ value: some Encodable) throws {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  print(String(decoding: try encoder.encode(value), as: UTF8.self))
}
