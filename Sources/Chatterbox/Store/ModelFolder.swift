import Foundation

/// One model's folder: a folder for each version, and which of them is current.
///
/// ```
/// turbo/current                    the current version's name
/// turbo/5de7a54aa4e5/manifest.json and the model's files
/// turbo/.partial/5de7a54aa4e5/     a version that is being fetched
/// ```
/// A person may also put a model's files into `turbo/` itself.
struct ModelFolder {
  let name: String
  let url: URL

  private var pointer: URL { url.appending(path: "current") }

  /// Where versions grow until they are whole.
  var partials: URL { url.appending(path: ".partial", directoryHint: .isDirectory) }

  func versionFolder(_ version: String) -> URL {
    url.appending(path: version, directoryHint: .isDirectory)
  }

  /// The versions that were installed, oldest first, though files may be missing by now.
  var recordedVersions: [ModelManifest] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
    return names.filter(NameRules.isName).compactMap { version in
      ModelManifest(in: versionFolder(version)).flatMap { $0.version == version ? $0 : nil }
    }.sorted { ($0.installed, $0.version) < ($1.installed, $1.version) }
  }

  /// The versions that are whole, as far as names and sizes tell, oldest first.
  var versions: [ModelManifest] {
    recordedVersions.filter { manifest in
      let folder = versionFolder(manifest.version)
      return manifest.files.allSatisfy { folder.appending(path: $0.name).fileSize == $0.size }
    }
  }

  /// The version that speaks: the one pointed at, else the newest.
  var current: ModelManifest? {
    let versions = versions
    let pointed = (try? String(contentsOf: pointer, encoding: .utf8))?
      .trimmingCharacters(in: .whitespacesAndNewlines)
    return versions.first { $0.version == pointed } ?? versions.last
  }

  /// Points at a version. Readers see the old one or the new one, never neither.
  func makeCurrent(_ version: String) throws {
    try onDisk("current") { try Data((version + "\n").utf8).write(to: pointer, options: .atomic) }
  }

  /// The kind of the files that lie in the folder itself.
  var plainKind: ModelName? {
    if let kind = ModelPackage.official(name)?.kind { return kind }
    return try? CheckpointLayout.recognize(Set(url.fileNames), in: name).kind
  }

  /// The model that a person put in the folder itself, if it is whole.
  var plainCheckpoint: InstalledCheckpoint? {
    plainKind.flatMap { kind in
      InstalledCheckpoint(folder: url, kind: kind, version: nil, t3: ModelPackage.official(name)?.t3)
    }
  }

  /// The model that speaks: the current version, else the files in the folder itself.
  var checkpoint: InstalledCheckpoint? {
    guard let current, ModelName(rawValue: current.kind) != nil else { return plainCheckpoint }
    return checkpoint(of: current)
  }

  /// The model of a version, if it is whole.
  func checkpoint(of manifest: ModelManifest) -> InstalledCheckpoint? {
    ModelName(rawValue: manifest.kind).flatMap { kind in
      InstalledCheckpoint(
        folder: versionFolder(manifest.version), kind: kind, version: manifest.version,
        t3: manifest.files.first { CheckpointLayout.isT3($0.name) }?.name)
    }
  }
}
