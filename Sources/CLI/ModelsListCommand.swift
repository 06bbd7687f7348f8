import ArgumentParser
import Chatterbox
import Foundation
import Text

/// `chatterbox models list`: every model that requests can name, and the versions that are here.
struct ModelsListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List models, whether they are installed, and their versions.")

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var options: ModelsOptions

  func run() async throws {
    let models = ListedModel.all(in: try options.makeStore())
    if json { return try printJSON(models) }
    let width = (models.map(\.name.count).max() ?? 0) + 2
    for model in models {
      let name = model.name.padding(toLength: width, withPad: " ", startingAt: 0)
      print("\(model.installed ? "✓" : "–") \(name)\(model.description)")
      for version in model.versions {
        print("  \(String(repeating: " ", count: width))\(Self.line(version))")
      }
    }
    print("\n✓ installed   – not installed: 'chatterbox models pull NAME' fetches it   → speaks")
  }

  private static func line(_ version: InstalledModel) -> String {
    let origin = version.origin ?? (version.version == nil ? "put there by hand" : "imported")
    let line = [
      version.active ? "→" : " ", version.version ?? "-", "\(ByteCount(version.size))", origin,
    ].joined(separator: " ")
    return version.custom ? line + " (custom)" : line
  }
}

/// A model in the list, official or not.
struct ListedModel: Encodable {
  let name: String
  let description: String
  /// ISO 639-1 codes.
  let languages: [String]
  let installed: Bool
  let versions: [InstalledModel]

  static func all(in store: ModelStore) -> [ListedModel] {
    let versions = Dictionary(grouping: store.installedModels, by: \.name)
    let known = store.models.map { model in
      ListedModel(
        name: model.name, description: model.description, languages: model.languages,
        installed: model.installed, versions: versions[model.name] ?? [])
    }
    let others = versions.keys.filter { name in !known.contains { $0.name == name } }.sorted()
    return known + others.map { own($0, versions[$0] ?? [], in: store) }
  }

  private static func own(_ name: String, _ versions: [InstalledModel], in store: ModelStore) -> ListedModel {
    let kind = store.kind(of: name)
    return ListedModel(
      name: name, description: kind.map { "of the kind \($0.rawValue)" } ?? "not whole",
      languages: kind?.languages.map(\.code) ?? [], installed: store.installedFolder(of: name) != nil,
      versions: versions)
  }
}
