import Foundation
import Text

extension ModelStore {
  /// Makes a version the one that speaks.
  ///
  /// - Parameter version: its name, or the beginning of it.
  /// - Returns: the version's manifest.
  /// - Throws: ``ModelStoreError``; `CancellationError`.
  package func use(
    _ name: String, version: String, report: @Sendable (StoreEvent) -> Void = { _ in }
  ) async throws -> ModelManifest {
    let model = try installed(name)
    let lock = try await FolderLock(name, in: directory) { report(.waiting(process: $0)) }
    defer { withExtendedLifetime(lock) {} }
    let manifest = try self.version(version, of: model)
    try model.makeCurrent(manifest.version)
    return manifest
  }

  /// The files of a version, whether or not it is the one that speaks.
  ///
  /// - Parameter version: its name, or the beginning of it.
  /// - Throws: ``ModelStoreError`` when there is none, or it is not whole.
  func checkpoint(of name: String, version: String) throws(ModelStoreError) -> InstalledCheckpoint {
    let model = try installed(name)
    let manifest = try self.version(version, of: model)
    guard let checkpoint = model.checkpoint(of: manifest) else {
      throw ModelStoreError(
        .incomplete,
        "Files of '\(name)' \(manifest.version) are missing: 'chatterbox models verify' says which.")
    }
    return checkpoint
  }

  /// Deletes a version, or all of a model.
  ///
  /// Of a folder that a person filled, only the files of the model are deleted.
  ///
  /// - Parameter version: its name, or the beginning of it; `nil` for all.
  /// - Throws: ``ModelStoreError``; `CancellationError`.
  package func remove(
    _ name: String, version: String? = nil, report: @Sendable (StoreEvent) -> Void = { _ in }
  ) async throws {
    let model = try installed(name)
    let lock = try await FolderLock(name, in: directory) { report(.waiting(process: $0)) }
    defer { withExtendedLifetime(lock) {} }
    if let version {
      let manifest = try self.version(version, of: model)
      let isCurrent = model.current?.version == manifest.version
      try RemovedFolder.remove(model.versionFolder(manifest.version), model)
      if isCurrent, let next = model.versions.last { try model.makeCurrent(next.version) }
      return
    }
    let plain = model.plainCheckpoint?.fileNames ?? starterFiles(of: model)
    for manifest in model.versions {
      try RemovedFolder.remove(model.versionFolder(manifest.version), model)
    }
    for file in plain + ["current"] where model.url.appending(path: file).fileSize != nil {
      try onDisk(file) { try FileManager.default.removeItem(at: model.url.appending(path: file)) }
    }
    try? FileManager.default.removeItem(at: model.partials)
    // Stays when something else is in it.
    rmdir(model.url.path)
  }

  private func starterFiles(of model: ModelFolder) -> [String] {
    guard model.name == ModelName.starter.rawValue, let voice = starterVoice else { return [] }
    return [voice.weights.lastPathComponent, voice.configuration.lastPathComponent]
  }

  private func version(_ text: String, of model: ModelFolder) throws(ModelStoreError) -> ModelManifest {
    let versions = model.versions
    let matches = versions.filter { $0.version == text || (!text.isEmpty && $0.version.hasPrefix(text)) }
    if let match = matches.first(where: { $0.version == text }) ?? (matches.count == 1 ? matches[0] : nil) {
      return match
    }
    let names = versions.map(\.version).joined(separator: ", ")
    throw ModelStoreError(
      .unknownVersion,
      "'\(model.name)' has \(matches.isEmpty ? "no" : "more than one") version '\(text.prefix(64))'. \(versions.isEmpty ? "Its folder was filled by hand." : "It has \(names).")"
    )
  }
}
