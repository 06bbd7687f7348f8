import Yams

extension ConfigurationError {
  /// What the parser found wrong with a file.
  init(_ error: YamlError, in file: String) {
    switch error {
    case .scanner(let context, let problem, let mark, let yaml),
      .parser(let context, let problem, let mark, let yaml),
      .composer(let context, let problem, let mark, let yaml):
      let advice = Self.isIndentedWithTab(line: mark.line, of: yaml) ? " Indent with spaces, not tabs." : ""
      let context = context.map { "\($0.text), " } ?? ""
      self.init(
        .invalidYAML, at: .line(mark.line, file: file),
        "this is not valid YAML: \(context)\(problem).\(advice)")
    case .reader(let problem, let offset, _, let yaml):
      let line = offset.map { yaml.prefix($0).count(where: \.isNewline) + 1 }
      self.init(
        .invalidYAML, at: line.map { .line($0, file: file) } ?? .file(file),
        "this is not valid YAML: \(problem).")
    case .duplicatedKeysInMapping(let keys, let context):
      self.init(
        .duplicateKey, at: .line(context.mark.line, file: file),
        "the key '\((keys.first ?? "").excerpt)' is there more than once. Keep one of them.")
    default:
      self.init(.invalidYAML, at: .file(file), "this is not valid YAML.")
    }
  }

  private static func isIndentedWithTab(line: Int, of yaml: String) -> Bool {
    let lines = yaml.split(separator: "\n", maxSplits: line, omittingEmptySubsequences: false)
    guard lines.indices.contains(line - 1) else { return false }
    return lines[line - 1].prefix(while: \.isWhitespace).contains("\t")
  }
}
