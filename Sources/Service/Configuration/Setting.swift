/// One key of a section: its name, what its value must be, and where the value goes.
struct Setting<Target>: Sendable {
  let name: String
  /// What a value must be, in the words of errors and documentation.
  let expected: String
  /// The target's value as a file would have it, or `nil` when it has none.
  let written: @Sendable (Target) -> String?
  private let choices: [String]
  private let culprit: @Sendable (WrittenValue) -> WrittenValue
  private let store: @Sendable (WrittenValue, inout Target) -> Bool

  init<Value>(
    _ name: String, _ path: any WritableKeyPath<Target, Value> & Sendable, _ form: ValueForm<Value>
  ) {
    self.name = name
    expected = form.expected
    choices = form.choices
    culprit = form.culprit
    written = { form.write($0[keyPath: path]) }
    store = { value, target in
      guard let read = form.read(value) else { return false }
      target[keyPath: path] = read
      return true
    }
  }

  init<Value>(
    _ name: String, _ path: any WritableKeyPath<Target, Value?> & Sendable, _ form: ValueForm<Value>
  ) {
    self.name = name
    expected = form.expected
    choices = form.choices
    culprit = form.culprit
    written = { $0[keyPath: path].map(form.write) }
    store = { value, target in
      guard let read = form.read(value) else { return false }
      target[keyPath: path] = read
      return true
    }
  }

  /// The end of the environment variable's name.
  var variable: String { name.uppercased().replacing(".", with: "_") }

  /// Puts a value into the target. A null leaves what is there.
  ///
  /// - Parameter section: The key's section, for the error.
  func apply(_ value: WrittenValue, in section: String, to target: inout Target) throws(ConfigurationError) {
    guard !value.isNull, !store(value, &target) else { return }
    throw .wrongValue(culprit(value), of: "\(section).\(name)", expected: expected, choices: choices)
  }
}

extension Sequence {
  /// Puts the values of a file's section into the target.
  func apply<Target>(
    _ section: WrittenValue, in name: String, to target: inout Target
  ) throws(ConfigurationError) where Element == Setting<Target> {
    for entry in try section.entries(of: name) {
      guard let setting = first(where: { $0.name == entry.key }) else {
        throw .unknownKey(entry.key, in: name, among: map(\.name), at: entry.place)
      }
      try setting.apply(entry.value, in: name, to: &target)
    }
  }
}
