import Foundation

/// What is wrong with an installed file.
package struct FileDamage: Codable, Hashable, Sendable {
  package enum Kind: String, Codable, Sendable {
    case missing
    case changed
  }

  package let model: String
  package let version: String
  package let file: String
  package let kind: Kind
}

/// What a check of installed models found.
package struct Verification: Codable, Hashable, Sendable {
  package var damage: [FileDamage] = []
  /// Versions whose every file is as it was installed, as `name version`.
  package var sound: [String] = []
  /// Models in folders that a person filled, which have no checksums.
  package var unknown: [String] = []
}

extension ModelStore {
  /// Reads every file of one model or of all, and names each that is not as it was installed.
  ///
  /// - Throws: ``ModelStoreError``; `CancellationError`.
  package func verify(
    _ name: String? = nil, report: @escaping @Sendable (StoreEvent) -> Void = { _ in }
  ) throws -> Verification {
    let models = try name.map { [try known($0)] } ?? folders
    var result = Verification()
    for model in models {
      let versions = model.recordedVersions
      for manifest in versions {
        let damage = try damage(in: manifest, of: model, report: report)
        result.damage += damage
        if damage.isEmpty { result.sound.append("\(model.name) \(manifest.version)") }
      }
      if versions.isEmpty, model.plainCheckpoint != nil || isStarter(model) {
        result.unknown.append(model.name)
      }
    }
    return result
  }

  private func known(_ name: String) throws -> ModelFolder {
    let model = try folder(of: name)
    return model.recordedVersions.isEmpty ? try installed(name) : model
  }

  private func isStarter(_ model: ModelFolder) -> Bool {
    model.name == ModelName.starter.rawValue && starterVoice != nil
  }

  /// The files of a version that are not as it was installed.
  func damage(
    in manifest: ModelManifest, of model: ModelFolder, report: @escaping @Sendable (StoreEvent) -> Void
  ) throws -> [FileDamage] {
    try manifest.files.compactMap { file in
      let place = model.versionFolder(manifest.version).appending(path: file.name)
      var meter = ProgressMeter(.verification, file.name, total: file.size, report: report)
      let found = try FileBytes.digest(of: place, file.name) { meter.show($0) }
      if let found, found.size == file.size, found.digest.hexadecimal == file.sha256 {
        meter.finish()
        return nil
      }
      return FileDamage(
        model: model.name, version: manifest.version, file: file.name,
        kind: found == nil ? .missing : .changed)
    }
  }
}
