extension CheckpointLayout {
  /// The layout of what some files are: as said, else by the name of the T3, else by the tokenizer.
  ///
  /// - Parameters:
  ///   - available: names without folders.
  ///   - kind: what a person said they are.
  ///   - what: the folder or repository, for the error.
  /// - Throws: ``ModelStoreError`` when it is none, or several.
  static func recognize(
    _ available: Set<String>, as kind: ModelName? = nil, in what: String
  ) throws(ModelStoreError) -> CheckpointLayout {
    if let kind, let layout = CheckpointLayout(kind) { return layout }
    let named = all.filter { $0.names[.t3, default: []].contains(where: available.contains) }
    if named.count > 1 {
      let kinds = named.map(\.kind.rawValue).joined(separator: ", ")
      throw ModelStoreError(.incomplete, "\(what) holds several models (\(kinds)): say which with --kind.")
    }
    if let layout = named.first { return layout }
    let t3 = available.filter(isT3)
    guard !t3.isEmpty else {
      throw ModelStoreError(
        .incomplete, "\(what) holds no Chatterbox model: there is no file named t3_*.safetensors.")
    }
    guard t3.count == 1 else { throw several(t3, in: what) }
    // Turbo comes before Nano, whose tokenizer is the same.
    guard
      let layout = all.first(where: { $0.names[.tokenizer, default: []].contains(where: available.contains) })
    else {
      throw ModelStoreError(
        .incomplete,
        "\(what) does not show which model it is: say standard, turbo, nano or multilingual with --kind.")
    }
    return layout
  }

  /// The error of a folder with more than one T3 of unknown names.
  static func several(_ t3: Set<String>, in what: String) -> ModelStoreError {
    let names = t3.sorted().prefix(5).joined(separator: ", ")
    return ModelStoreError(
      .incomplete, "\(what) holds several files named t3_*.safetensors (\(names)): keep the one to use.")
  }
}
