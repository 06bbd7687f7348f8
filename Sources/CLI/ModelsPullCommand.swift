import ArgumentParser
import Chatterbox
import Foundation

/// `chatterbox models pull`: fetches a model from the Hugging Face hub.
struct ModelsPullCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pull", abstract: "Fetch a model from the Hugging Face hub, or go on where a fetch stopped.",
    discussion: """
      Models: \(ModelPackage.official.map(\.name).joined(separator: ", ")), or any repository of the hub, such \
      as owner/name.

      HF_ENDPOINT names a mirror; HF_TOKEN is the access token for private and gated repositories.
      """)

  @Argument(help: "A model's name, or a repository of the hub.")
  var model: String

  @Option(help: "Its name on this machine, if another.")
  var name: String?

  @Option(help: "What a repository holds, if its files do not tell.")
  var kind: CheckpointKind?

  @Option(help: "A branch, a tag or a commit; main by default.")
  var revision: String?

  @OptionGroup var options: ModelsOptions

  func run() async throws {
    let package = try ModelPackage.named(model, as: name, kind: kind?.model, revision: revision)
    let hub = try HubConfiguration(environment: ProcessInfo.processInfo.environment)
    let store = try options.makeStore()
    let report = options.makeReport()
    let manifest = try await Interruption.cancelling {
      try await store.pull(package, from: hub, report: report)
    }
    print("\(manifest.name) \(manifest.version)")
  }
}
