import ArgumentParser
import Chatterbox

/// `chatterbox models use`: chooses which version of a model speaks.
struct ModelsUseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "use", abstract: "Choose which version of a model speaks.")

  @Argument(help: "The model's name.")
  var name: String

  @Argument(help: "The version, or the beginning of it.")
  var version: String

  @OptionGroup var options: ModelsOptions

  func run() async throws {
    let store = try options.makeStore()
    let report = options.makeReport()
    let (name, version) = (name, version)
    let manifest = try await Interruption.cancelling {
      try await store.use(name, version: version, report: report)
    }
    print("\(manifest.name) \(manifest.version)")
  }
}
