/// The environment variables that are settings: `CHATTERBOX_SERVER_PORT` is `server.port`.
struct EnvironmentVariables {
  struct Variable {
    let name: String
    /// The name without the prefix that its section gives it.
    let key: String
    let value: WrittenValue
  }

  private let environment: [String: String]

  init(_ environment: [String: String]) {
    self.environment = environment
  }

  /// What the names of a section's variables begin with.
  static func prefix(of section: ConfigurationKeys.Section) -> String {
    "CHATTERBOX_\(section.rawValue.uppercased())_"
  }

  /// The variables of a section, in the order of their names.
  func of(_ section: ConfigurationKeys.Section) -> [Variable] {
    let prefix = Self.prefix(of: section)
    return environment.filter { $0.key.hasPrefix(prefix) }.sorted { $0.key < $1.key }.map { name, text in
      let value = WrittenValue(content: .scalar(text, .variable), place: .variable(name))
      return Variable(name: name, key: String(name.dropFirst(prefix.count)), value: value)
    }
  }

  /// Puts the variables of a section into the target.
  func apply<Target>(
    _ settings: [Setting<Target>], of section: ConfigurationKeys.Section, to target: inout Target
  ) throws(ConfigurationError) {
    for variable in of(section) {
      guard let setting = settings.first(where: { $0.variable == variable.key }) else {
        throw .unknownVariable(
          variable.name, prefix: Self.prefix(of: section), among: settings.map(\.variable))
      }
      try setting.apply(variable.value, in: section.rawValue, to: &target)
    }
  }
}
