import ArgumentParser
import Chatterbox

/// `chatterbox models remove`: deletes a model or one version of it.
struct ModelsRemoveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Delete a model, or one version of it.")

  @Argument(help: "The model's name.")
  var name: String

  @Option(help: "The version, or the beginning of it; all by default.")
  var version: String?

  @OptionGroup var options: ModelsOptions

  func run() async throws {
    let store = try options.makeStore()
    let report = options.makeReport()
    let (name, version) = (name, version)
    try await Interruption.cancelling { try await store.remove(name, version: version, report: report) }
    print("removed \([name, version].compactMap { $0 }.joined(separator: " "))")
  }
}
