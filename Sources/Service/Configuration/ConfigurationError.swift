import Text

/// Why a configuration is refused: where, what was wrong, what was expected.
package struct ConfigurationError: Error, Hashable, Sendable {
  /// The kind of mistake.
  package enum Kind: Hashable, Sendable {
    case fileNotFound
    case fileNotReadable
    case fileTooLarge
    case notUTF8
    case invalidYAML
    /// Anchors and aliases, which can make a small file mean a huge one.
    case aliases
    case unknownKey
    case duplicateKey
    case missingKey
    /// A value of the wrong type, out of its range, or none of its choices.
    case wrongValue
    /// An environment variable that looks like a setting and is none.
    case unknownVariable
  }

  /// Where the mistake is.
  package enum Place: Hashable, Sendable, CustomStringConvertible {
    case file(String)
    case line(Int, file: String)
    case variable(String)

    /// `config.yaml`, `config.yaml:7` or `CHATTERBOX_SERVER_PORT`.
    package var description: String {
      switch self {
      case .file(let name): name
      case .line(let line, let file): "\(file):\(line)"
      case .variable(let name): name
      }
    }
  }

  /// The kind of mistake.
  package let kind: Kind
  /// Where it is. A file goes by its name alone, without its folders.
  package let place: Place
  /// What was wrong, what was expected.
  package let message: String

  init(_ kind: Kind, at place: Place, _ message: String) {
    self.kind = kind
    self.place = place
    self.message = message
  }
}

extension ConfigurationError: CustomStringConvertible {
  /// `config.yaml:7: unknown key 'prot' in server. Did you mean 'port'?`
  package var description: String { "\(place): \(message)" }
}

extension ConfigurationError {
  /// The error of a key that is none of those known.
  ///
  /// - Parameter section: Where the key stands, or `nil` at the top of the file.
  static func unknownKey(
    _ key: String, in section: String?, among known: [String], at place: Place
  ) -> ConfigurationError {
    let position = section.map { "in \($0)" } ?? "at the top level"
    return ConfigurationError(
      .unknownKey, at: place,
      "unknown key '\(key.excerpt)' \(position). \(suggestion(for: key, among: known))")
  }

  /// The error of a variable that is none of those known.
  static func unknownVariable(_ name: String, prefix: String, among known: [String]) -> ConfigurationError {
    let rest = String(name.dropFirst(prefix.count))
    let nearest = Spelling.nearest(to: rest, among: known).map { " Did you mean \(prefix)\($0)?" }
    return ConfigurationError(
      .unknownVariable, at: .variable(name),
      "there is no such setting.\(nearest ?? " docs/configuration.md lists them all.")")
  }

  /// The error of a value that is not what its key needs.
  static func wrongValue(
    _ value: WrittenValue, of key: String, expected: String, choices: [String] = []
  ) -> ConfigurationError {
    let meant = value.text.flatMap { Spelling.nearest(to: $0, among: choices) }
    let suggestion = meant.map { " Did you mean '\($0)'?" } ?? ""
    return ConfigurationError(
      .wrongValue, at: value.place, "\(key) must be \(expected), not \(value).\(suggestion)")
  }

  private static func suggestion(for key: String, among known: [String]) -> String {
    let nearest = Spelling.nearest(to: key, among: known)
    return nearest.map { "Did you mean '\($0)'?" } ?? "Known are \(known.joined(separator: ", "))."
  }
}
