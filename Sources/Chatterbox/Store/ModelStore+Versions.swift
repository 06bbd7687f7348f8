package import Foundation
import Text

/// A version of a model on this machine.
package struct InstalledModel: Codable, Hashable, Sendable {
  package let name: String
  /// `standard`, `turbo`, `nano`, `multilingual` or `starter`.
  package let kind: String
  /// The version; `nil` in a folder that was filled by hand.
  package let version: String?
  /// Bytes on the disk.
  package let size: Int
  /// Whether requests are spoken with this version.
  package let active: Bool
  /// Whether it has a name of its own, or was imported.
  package let custom: Bool
  /// Where it came from, `owner/name@revision`; `nil` after an import.
  package let origin: String?
  package let installed: Date?
}

extension ModelStore {
  /// The folders of all names, in order.
  var folders: [ModelFolder] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
    return names.filter(NameRules.isName).sorted().map {
      ModelFolder(name: $0, url: directory.appending(path: $0))
    }
  }

  /// The folder of a name, which need not exist.
  ///
  /// - Throws: ``ModelStoreError`` when it cannot be a model's name.
  func folder(of name: String) throws(ModelStoreError) -> ModelFolder {
    ModelFolder(
      name: try NameRules.checked(name), url: directory.appending(path: name, directoryHint: .isDirectory))
  }

  /// The files of an installed model: the current version's, or those that a person put in its folder.
  ///
  /// - Parameter name: a model's, or one of your own.
  /// - Returns: `nil` when it is not installed, or not whole.
  package func checkpoint(of name: String) -> InstalledCheckpoint? { (try? folder(of: name))?.checkpoint }

  /// The folder that holds an installed model's files; `nil` when it is not installed, or not whole.
  package func installedFolder(of name: String) -> URL? { checkpoint(of: name)?.folder }

  /// The kind of model behind a name: official, or installed under a name of its own; `nil` if there is none.
  package func kind(of name: String) -> ModelName? {
    ModelName(rawValue: name) ?? ModelPackage.official(name)?.kind ?? checkpoint(of: name)?.kind
  }

  /// Every version of every model here.
  package var installedModels: [InstalledModel] {
    folders.flatMap { model in
      let current = model.current?.version
      let versions = model.versions.map { manifest in
        InstalledModel(
          name: model.name, kind: manifest.kind, version: manifest.version,
          size: manifest.files.reduce(0) { $0 + $1.size }, active: manifest.version == current,
          custom: manifest.sources.isEmpty || ModelPackage.official(model.name) == nil,
          origin: manifest.sources.first.map { "\($0.repository)@\($0.revision)" },
          installed: manifest.installed)
      }
      return versions + plain(model, isActive: current == nil)
    }
  }

  private func plain(_ model: ModelFolder, isActive: Bool) -> [InstalledModel] {
    let kind: String
    let files: [URL]
    if let checkpoint = model.plainCheckpoint {
      kind = checkpoint.kind.rawValue
      files = checkpoint.fileNames.map { model.url.appending(path: $0) }
    } else if model.name == ModelName.starter.rawValue, let voice = starterVoice {
      kind = model.name
      files = [voice.weights, voice.configuration]
    } else {
      return []
    }
    return [
      InstalledModel(
        name: model.name, kind: kind, version: nil, size: files.reduce(0) { $0 + ($1.fileSize ?? 0) },
        active: isActive,
        custom: ModelName(rawValue: model.name) == nil && ModelPackage.official(model.name) == nil,
        origin: nil, installed: nil)
    ]
  }

  /// A name that is installed.
  ///
  /// - Throws: ``ModelStoreError`` that suggests the nearest.
  func installed(_ name: String) throws(ModelStoreError) -> ModelFolder {
    let folder = try folder(of: name)
    let names = Set(installedModels.map(\.name))
    if names.contains(name) { return folder }
    let advice =
      Spelling.nearest(to: name, among: names.sorted()).map { "Did you mean '\($0)'?" }
      ?? "'chatterbox models list' shows what is."
    throw ModelStoreError(.unknownName, "No model '\(name)' is installed. \(advice)")
  }
}
