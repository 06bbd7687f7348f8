extension ServiceConfiguration {
  /// Loads the configuration: the defaults, then the file, then the environment.
  ///
  /// The file is `path`, else the one that `CHATTERBOX_CONFIG` names, else `config.yaml` in the directory if
  /// there is one, else none.
  ///
  /// - Parameters:
  ///   - path: The file that the user asked for.
  ///   - environment: The process's environment variables; empty ones count as unset.
  ///   - directory: Where `config.yaml` is looked for.
  package static func load(
    path: String?, environment: [String: String], in directory: String = "."
  ) throws(ConfigurationError) -> ServiceConfiguration {
    let environment = environment.filter { !$0.value.isEmpty }
    var draft = ConfigurationDraft()
    if let file = ConfigurationFile.find(path: path, environment: environment, directory: directory) {
      try draft.read(YAMLDocument.root(of: file.text(), in: file.name))
    }
    try draft.override(with: EnvironmentVariables(environment))
    return try draft.finished()
  }
}
