import Foundation

extension ModelStore {
  /// Fetches a model from the hub and makes it the current version.
  ///
  /// It may run many times at once, in many processes: one works, the others wait and find it done. What was
  /// fetched before a failure or a cancellation is used by the next attempt. A version that is here already is
  /// checked, and repaired if need be.
  ///
  /// - Parameters:
  ///   - package: what to fetch.
  ///   - hub: from where.
  ///   - report: told what happens.
  /// - Returns: the version's manifest.
  /// - Throws: ``ModelStoreError``; `CancellationError`.
  package func pull(
    _ package: ModelPackage, from hub: HubConfiguration,
    report: @escaping @Sendable (StoreEvent) -> Void = { _ in }
  ) async throws -> ModelManifest {
    let model = try folder(of: package.name)
    return try await HubClient.with(hub) { client in
      let lock = try await FolderLock(package.name, in: directory) { report(.waiting(process: $0)) }
      defer { withExtendedLifetime(lock) {} }
      let plan = try await PullPlan.make(package, client, report)
      try NameRules.checkOwnership(of: package.name, by: plan.layout.kind)
      if let installed = model.versions.first(where: { $0.version == plan.version }),
        try damage(in: installed, of: model, report: report).isEmpty
      {
        try model.makeCurrent(installed.version)
        report(.unchanged(version: installed.version))
        return installed
      }
      return try await fetch(plan, into: model, client, report)
    }
  }

  private func fetch(
    _ plan: PullPlan, into model: ModelFolder, _ client: HubClient,
    _ report: @escaping @Sendable (StoreEvent) -> Void
  ) async throws -> ModelManifest {
    let stage = try StagedVersion(model, version: plan.version)
    report(.found(version: plan.version, files: plan.items.count, bytes: plan.bytes))
    let reusable = ReusableFiles(in: self)
    for item in plan.items { try reusable.give(item, into: stage.folder, report) }
    try stage.requireSpace(for: plan.bytes)
    var files: [ModelManifest.File] = []
    for item in plan.items {
      let sha256 = try await sha256(of: item, in: stage.folder, client, report)
      files.append(.init(name: item.file.path, size: item.size, sha256: sha256))
    }
    let manifest = ModelManifest(
      name: model.name, version: plan.version, kind: plan.layout.kind, sources: plan.sources, files: files)
    try stage.publish(manifest)
    return manifest
  }

  /// The SHA-256 of a file, which is fetched unless an earlier attempt left it whole.
  private func sha256(
    of item: PullPlan.Item, in folder: URL, _ client: HubClient,
    _ report: @escaping @Sendable (StoreEvent) -> Void
  ) async throws -> String {
    let name = item.file.path
    let place = folder.appending(path: name)
    var meter = ProgressMeter(.verification, name, total: item.size, report: report)
    if let found = try FileBytes.digest(
      of: place, name, expecting: item.checksum, progress: { meter.show($0) })
    {
      if found.size == item.size, found.digest.isExpected {
        meter.finish()
        return found.digest.hexadecimal
      }
      try onDisk(name) { try FileManager.default.removeItem(at: place) }
    }
    return try await FileDownload(
      client: client, file: item.file, size: item.size, checksum: item.checksum, report: report
    ).run(into: folder)
  }
}

/// Files of installed versions by their SHA-256: Multilingual's versions share gigabytes.
private struct ReusableFiles {
  private var places: [String: URL] = [:]

  init(in store: ModelStore) {
    for model in store.folders {
      for version in model.versions {
        for file in version.files {
          places[file.sha256] = model.versionFolder(version.version).appending(path: file.name)
        }
      }
    }
  }

  /// Gives a new version a file that an old one has; it is verified like any other.
  func give(
    _ item: PullPlan.Item, into folder: URL, _ report: (StoreEvent) -> Void
  ) throws {
    guard case .sha256(let sha256) = item.checksum, let source = places[sha256] else { return }
    let place = folder.appending(path: item.file.path)
    guard place.fileSize == nil, link(source.path, place.path) == 0 else { return }
    report(
      .progress(.init(work: .reuse, file: item.file.path, bytes: item.size, total: item.size, rate: nil)))
  }
}
