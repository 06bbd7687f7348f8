import ArgumentParser
import Chatterbox
import Foundation

/// `chatterbox models import`: takes a model from a folder of this machine.
struct ModelsImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Take a model, such as a fine-tuned one, from a folder of this machine.")

  @Argument(help: "A folder with a model's files.")
  var folder: String

  @Option(help: "The name that requests will use.")
  var name: String

  @Option(help: "What the folder holds, if its files do not tell.")
  var kind: CheckpointKind?

  @OptionGroup var options: ModelsOptions

  func run() async throws {
    let store = try options.makeStore()
    let report = options.makeReport()
    let source = URL(filePath: folder, directoryHint: .isDirectory)
    let (name, kind) = (name, kind?.model)
    let manifest = try await Interruption.cancelling {
      try await store.importModel(from: source, as: name, kind: kind, report: report)
    }
    print("\(manifest.name) \(manifest.version)")
  }
}
