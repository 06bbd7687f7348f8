import ArgumentParser
import Chatterbox

/// `chatterbox models verify`: reads every file and compares it with what was installed.
struct ModelsVerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Check that a model's files, or all, are as they were installed.")

  @Argument(help: "The model's name; all by default.")
  var name: String?

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var options: ModelsOptions

  func run() async throws {
    let store = try options.makeStore()
    let report = options.makeReport()
    let name = name
    let result = try await Interruption.cancelling { try store.verify(name, report: report) }
    if json { try printJSON(result) } else { show(result) }
    if !result.damage.isEmpty { throw ExitCode.failure }
  }

  private func show(_ result: Verification) {
    for version in result.sound { print("✓ \(version)") }
    for model in result.unknown { print("– \(model): put there by hand, so there are no checksums") }
    for damage in result.damage {
      print("✗ \(damage.model) \(damage.version): \(damage.file) is \(damage.kind.rawValue)")
    }
    if !result.damage.isEmpty { print("\n'chatterbox models pull NAME' repairs what came from the hub.") }
  }
}
