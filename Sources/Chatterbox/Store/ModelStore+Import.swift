package import Foundation

extension ModelStore {
  /// Takes a model from a folder of this machine, such as a fine-tuned one: its files are copied and hashed.
  ///
  /// - Parameters:
  ///   - source: a folder with a model's files under their official names; the T3 may have another name that
  ///     begins with `t3_`.
  ///   - name: the name that requests will use.
  ///   - kind: the kind of model; by default the files tell.
  ///   - report: told what happens.
  /// - Returns: the version's manifest. The same files again are the same version.
  /// - Throws: ``ModelStoreError``; `CancellationError`.
  package func importModel(
    from source: URL, as name: String, kind: ModelName? = nil,
    report: @escaping @Sendable (StoreEvent) -> Void = { _ in }
  ) async throws -> ModelManifest {
    let model = try folder(of: name)
    let (layout, selection) = try Self.files(in: source, name: name, kind: kind)
    let lock = try await FolderLock(name, in: directory) { report(.waiting(process: $0)) }
    defer { withExtendedLifetime(lock) {} }
    let files = selection.values.sorted()
    let sizes = files.map { source.appending(path: $0).fileSize ?? 0 }
    report(.found(version: "import", files: files.count, bytes: sizes.reduce(0, +)))
    try? FileManager.default.removeItem(at: model.partials.appending(path: "import"))
    let stage = try StagedVersion(model, version: "import")
    try stage.requireSpace(for: sizes.reduce(0, +))
    var copies: [ModelManifest.File] = []
    for file in files {
      copies.append(try FileCopy.copy(file, from: source, to: stage.folder, report: report))
    }
    return try finish(copies, layout, model, stage, report)
  }

  private func finish(
    _ copies: [ModelManifest.File], _ layout: CheckpointLayout, _ model: ModelFolder, _ stage: StagedVersion,
    _ report: (StoreEvent) -> Void
  ) throws -> ModelManifest {
    let version = "import-\(FileCopy.fingerprint(of: copies))"
    if let installed = model.versions.first(where: { $0.version == version }) {
      try? FileManager.default.removeItem(at: stage.folder)
      try model.makeCurrent(version)
      report(.unchanged(version: version))
      return installed
    }
    let named = try StagedVersion(model, version: version)
    guard rename(stage.folder.path, named.folder.path) == 0 else {
      throw ModelStoreError.disk(errno, model.name)
    }
    let manifest = ModelManifest(
      name: model.name, version: version, kind: layout.kind, sources: [], files: copies)
    try named.publish(manifest)
    return manifest
  }

  private static func files(
    in source: URL, name: String, kind: ModelName?
  ) throws(ModelStoreError) -> (CheckpointLayout, [CheckpointLayout.Part: String]) {
    let available = Set(source.fileNames)
    guard !available.isEmpty else {
      throw ModelStoreError(.incomplete, "There is no such folder, or no file in it.")
    }
    let official = ModelPackage.official(name)
    let layout = try CheckpointLayout.recognize(available, as: kind ?? official?.kind, in: "The folder")
    try NameRules.checkOwnership(of: name, by: layout.kind)
    let selection = layout.selection(from: available, t3: official?.t3)
    let candidates = available.filter(CheckpointLayout.isT3)
    if selection[.t3] == nil, candidates.count > 1 {
      throw CheckpointLayout.several(candidates, in: "The folder")
    }
    let missing = layout.missing(from: selection)
    guard missing.isEmpty else {
      throw ModelStoreError(
        .incomplete,
        "The folder is not a whole \(layout.kind.rawValue) model: \(missing.joined(separator: ", ")) missing."
      )
    }
    return (layout, selection)
  }
}
