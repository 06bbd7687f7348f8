import Yams

/// Reads YAML into values that know where they were written.
///
/// It takes the part of YAML that a configuration needs: mappings with text for keys, lists and scalars.
/// Anchors are refused, since a few lines of aliases can stand for billions of values.
struct YAMLDocument {
  private let file: String

  /// The value of the one document in a text; of an empty text a null.
  static func root(of text: String, in file: String) throws(ConfigurationError) -> WrittenValue {
    let document = YAMLDocument(file: file)
    guard !AliasScan.isSuspicious(text) else { throw document.aliases(at: nil) }
    do {
      // Without rules for types, which are the settings' business; so `8000` and `"8000"` are one key.
      let parser = try Parser(yaml: text, resolver: .basic)
      // The nodes hold their anchors weakly: the parser must outlive them.
      return try withExtendedLifetime(parser) {
        guard let root = try parser.singleRoot() else {
          return WrittenValue(content: .scalar("", .plain), place: .file(file))
        }
        return try document.value(of: root)
      }
    } catch let error as YamlError {
      throw ConfigurationError(error, in: file)
    } catch let error as ConfigurationError {
      throw error
    } catch {
      throw ConfigurationError(.invalidYAML, at: .file(file), "this is not valid YAML: \(error)")
    }
  }

  private func value(of node: Node) throws(ConfigurationError) -> WrittenValue {
    guard node.anchor == nil else { throw aliases(at: node.mark?.line) }
    let content: WrittenValue.Content
    switch node {
    case .scalar(let scalar):
      content = .scalar(scalar.string, scalar.style == .plain ? .plain : .quoted)
    case .sequence(let sequence):
      var elements: [WrittenValue] = []
      for element in sequence { elements.append(try value(of: element)) }
      content = .sequence(elements)
    case .mapping(let mapping):
      content = .mapping(try entries(of: mapping))
    case .alias:
      throw aliases(at: node.mark?.line)
    }
    return WrittenValue(content: content, place: place(of: node.mark?.line))
  }

  private func entries(of mapping: Node.Mapping) throws(ConfigurationError) -> [WrittenValue.Entry] {
    var entries: [WrittenValue.Entry] = []
    for (key, value) in mapping {
      let place = place(of: key.mark?.line)
      guard case .scalar(let name, _) = try self.value(of: key).content else {
        throw ConfigurationError(.wrongValue, at: place, "a key must be text, not a list or a mapping.")
      }
      entries.append(WrittenValue.Entry(key: name, place: place, value: try self.value(of: value)))
    }
    return entries
  }

  private func place(of line: Int?) -> ConfigurationError.Place {
    line.map { .line($0, file: file) } ?? .file(file)
  }

  private func aliases(at line: Int?) -> ConfigurationError {
    ConfigurationError(
      .aliases, at: place(of: line),
      "anchors and aliases (&name, *name) are not supported. Write the value where it is needed, in quotes "
        + "if it begins with & or *.")
  }
}
