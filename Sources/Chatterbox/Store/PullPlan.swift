/// What will be fetched to make one version of a model.
struct PullPlan: Sendable {
  /// A file, where it comes from, and what it must hold.
  struct Item: Hashable, Sendable {
    let file: HubFile
    let size: Int
    let checksum: FileChecksum
  }

  let layout: CheckpointLayout
  /// The repositories, the model's own first.
  let sources: [ModelManifest.Source]
  let items: [Item]

  /// Named after the commits, so that a change on the hub is another version.
  var version: String { sources.map { String($0.commit.prefix(12)) }.joined(separator: "-") }

  var bytes: Int { items.reduce(0) { $0 + $1.size } }

  /// Asks the hub what a model consists of.
  ///
  /// A repository that lacks parts, as single-language packs and most fine-tuned models do, is completed
  /// from the official one of its kind.
  ///
  /// - Throws: ``ModelStoreError``; `CancellationError`.
  static func make(
    _ package: ModelPackage, _ client: HubClient, _ report: (StoreEvent) -> Void
  ) async throws -> PullPlan {
    let own = try await list(package, client, report)
    let layout = try CheckpointLayout.recognize(own.names, as: package.kind, in: package.repository)
    let selection = layout.selection(from: own.names, t3: package.t3)
    guard selection[.t3] != nil else {
      let candidates = own.names.filter(CheckpointLayout.isT3)
      if candidates.count > 1 { throw CheckpointLayout.several(candidates, in: package.repository) }
      throw ModelStoreError(
        .incomplete,
        "\(package.repository) holds no \(layout.kind.rawValue) model: there is no file named t3_*.safetensors."
      )
    }
    var sources = [source(package, own)]
    var items = try await items(selection.values.sorted(), source: sources[0], own, client, report)
    let lacking = CheckpointLayout.Part.allCases.filter { selection[$0] == nil && layout.names[$0] != nil }
    let completion = ModelPackage.completion(of: layout.kind)
    if let completion, completion.repository != package.repository,
      lacking.contains(where: { $0.isRequired || $0 == .conditionals })
    {
      let base = try await list(completion, client, report)
      let rest = layout.selection(from: base.names, t3: completion.t3).filter { lacking.contains($0.key) }
      sources.append(source(completion, base))
      items += try await self.items(rest.values.sorted(), source: sources[1], base, client, report)
    }
    let missing = layout.missing(
      from: layout.selection(from: Set(items.map(\.file.path)), t3: selection[.t3]))
    guard missing.isEmpty else {
      throw ModelStoreError(
        .incomplete, "\(package.repository) is not a whole model: \(missing.joined(separator: ", ")) missing."
      )
    }
    return PullPlan(layout: layout, sources: sources, items: items)
  }

  private static func list(
    _ package: ModelPackage, _ client: HubClient, _ report: (StoreEvent) -> Void
  ) async throws -> HubRevision {
    try await client.retrying(package.repository, report) {
      try await client.revision(package.revision, of: package.repository)
    }
  }

  private static func source(_ package: ModelPackage, _ revision: HubRevision) -> ModelManifest.Source {
    .init(repository: package.repository, revision: package.revision, commit: revision.commit)
  }

  private static func items(
    _ names: [String], source: ModelManifest.Source, _ revision: HubRevision, _ client: HubClient,
    _ report: (StoreEvent) -> Void
  ) async throws -> [Item] {
    var items: [Item] = []
    for name in names {
      let file = HubFile(repository: source.repository, commit: source.commit, path: name)
      var entry = revision.files.first { $0.path == name }
      if entry?.size == nil || entry?.checksum == nil {
        entry = try await client.retrying(name, report) { try await client.describe(file) }
      }
      guard let size = entry?.size, size > 0, size < 1 << 42, let checksum = entry?.checksum else {
        throw ModelStoreError(
          .unexpectedAnswer,
          "The hub gives no size and checksum of '\(name)' in \(source.repository), so it cannot be verified."
        )
      }
      items.append(Item(file: file, size: size, checksum: checksum))
    }
    return items
  }
}
