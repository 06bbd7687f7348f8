import Text

/// Something that `models pull` can fetch: where it is on the hub and what it becomes here.
package struct ModelPackage: Hashable, Sendable {
  /// The name it gets on this machine.
  package let name: String
  /// The kind of model; `nil` until the repository's files have been seen.
  package let kind: ModelName?
  /// `owner/name` on the hub.
  package let repository: String
  /// The T3 file to take where a repository has several.
  let t3: String?
  /// Branch, tag or commit.
  package var revision = "main"

  /// The official models and single-language packs.
  ///
  /// Source: `REPO_ID` in the reference's `tts.py`, `tts_turbo.py` and `mtl_tts.py`, and the hub pages of the
  /// packs.
  package static let official: [ModelPackage] =
    [
      ModelPackage(name: "standard", kind: .standard, repository: base, t3: "t3_cfg.safetensors"),
      ModelPackage(name: "turbo", kind: .turbo, repository: "ResembleAI/chatterbox-turbo", t3: nil),
      ModelPackage(name: "nano", kind: .nano, repository: "ResembleAI/chatterbox-nano", t3: nil),
      ModelPackage(
        name: "multilingual", kind: .multilingual, repository: base, t3: "t3_mtl23ls_v2.safetensors"),
      ModelPackage(
        name: "multilingual-v3", kind: .multilingual, repository: base, t3: "t3_mtl23ls_v3.safetensors"),
    ]
    + ["zh-cmn", "es-es", "es-mx-latam", "hi", "pt-br", "pt-pt"].map { language in
      ModelPackage(
        name: "multilingual-\(language)", kind: .multilingual,
        repository: "ResembleAI/Chatterbox-Multilingual-\(language)", t3: nil)
    }

  private static let base = "ResembleAI/chatterbox"

  /// The official model of a name.
  package static func official(_ name: String) -> ModelPackage? { official.first { $0.name == name } }

  /// Where a model of a kind finds the parts that its own repository lacks, such as the voice encoder.
  static func completion(of kind: ModelName) -> ModelPackage? { official(kind.rawValue) }

  /// What a person asked for: an official name, or any repository of the hub.
  ///
  /// - Parameters:
  ///   - name: `turbo`, or `owner/name`.
  ///   - localName: the name on this machine; by default the model's, or the repository's own.
  ///   - kind: the kind of model in a repository; by default its files tell.
  ///   - revision: branch, tag or commit.
  /// - Throws: ``ModelStoreError`` when there is no such name.
  package static func named(
    _ name: String, as localName: String? = nil, kind: ModelName? = nil, revision: String? = nil
  ) throws(ModelStoreError) -> ModelPackage {
    var package: ModelPackage
    if let known = official(name) {
      package = ModelPackage(
        name: localName ?? known.name, kind: known.kind, repository: known.repository, t3: known.t3)
    } else if NameRules.isRepository(name) {
      let last = name.split(separator: "/").last.map { $0.lowercased() } ?? name
      package = ModelPackage(name: localName ?? last, kind: kind, repository: name, t3: nil)
    } else {
      throw unknown(name)
    }
    if let revision { package.revision = revision }
    guard NameRules.isRevision(package.revision) else {
      throw ModelStoreError(
        .notFound, "'\(package.revision.prefix(64))' cannot be a branch, a tag or a commit.")
    }
    if let kind, kind != package.kind {
      throw ModelStoreError(
        .incomplete, "'\(name)' is a \(package.kind?.rawValue ?? "") model, not \(kind.rawValue).")
    }
    try NameRules.checkOwnership(of: package.name, by: package.kind)
    return package
  }

  private static func unknown(_ name: String) -> ModelStoreError {
    if name == ModelName.starter.rawValue || name == ModelName.espeak.rawValue {
      return ModelStoreError(.unknownName, "'\(name)' is installed by 'make setup', not from the hub.")
    }
    let names = official.map(\.name)
    let shown = name.prefix(64)
    if let nearest = Spelling.nearest(to: name, among: names) {
      return ModelStoreError(.unknownName, "There is no model '\(shown)'. Did you mean '\(nearest)'?")
    }
    return ModelStoreError(
      .unknownName,
      "There is no model '\(shown)'. Choose \(names.joined(separator: ", ")), or a hub repository such as owner/name."
    )
  }
}

extension NameRules {
  /// Checks that a name is free for a kind of model: `turbo` always is a Turbo.
  static func checkOwnership(of name: String, by kind: ModelName?) throws(ModelStoreError) {
    let owner = ModelPackage.official(try checked(name))?.kind ?? ModelName(rawValue: name)
    guard let owner, let kind, owner != kind else { return }
    throw ModelStoreError(
      .unknownName, "The name '\(name)' belongs to another kind of model: choose one of your own with --name."
    )
  }
}
