import ArgumentParser
import Chatterbox
import Foundation
import Service

/// `chatterbox models`: what can speak on this machine, and how it gets here.
struct ModelsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models", abstract: "Show, fetch and manage the models of this machine.",
    subcommands: [
      ModelsListCommand.self, ModelsPullCommand.self, ModelsImportCommand.self, ModelsUseCommand.self,
      ModelsVerifyCommand.self, ModelsRemoveCommand.self,
    ],
    defaultSubcommand: ModelsListCommand.self)
}

/// Where models live, for every `chatterbox models` command.
struct ModelsOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The configuration file.", valueName: "file"))
  var config: String?

  @Flag(name: .shortAndLong, help: "Say nothing but errors and the result.")
  var quiet = false

  /// The store of the configuration.
  func makeStore() throws -> ModelStore {
    let configuration = try ServiceConfiguration.load(
      path: config, environment: ProcessInfo.processInfo.environment)
    return ModelStore(directory: configuration.engine.modelsDirectory)
  }

  /// Shows progress on standard error.
  func makeReport() -> @Sendable (StoreEvent) -> Void {
    guard !quiet else { return { _ in } }
    let reporter = ModelsReporter()
    return { reporter.report($0) }
  }
}

/// The kinds of checkpoint that a person can name.
enum CheckpointKind: String, CaseIterable, ExpressibleByArgument {
  case standard
  case turbo
  case nano
  case multilingual

  var model: ModelName {
    switch self {
    case .standard: .standard
    case .turbo: .turbo
    case .nano: .nano
    case .multilingual: .multilingual
    }
  }
}

/// Prints a value as JSON that people can read.
func printJSON(_ value: some Encodable) throws {
  let encoder = JSONEncoder()
  encoder.dateEncodingStrategy = .iso8601
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  print(String(decoding: try encoder.encode(value), as: UTF8.self))
}
