package import Foundation

/// What is in one version of a model: `manifest.json` in its folder.
package struct ModelManifest: Codable, Hashable, Sendable {
  /// A repository at a commit.
  package struct Source: Codable, Hashable, Sendable {
    package let repository: String
    package let revision: String
    package let commit: String
  }

  /// A file and what it must hold.
  package struct File: Codable, Hashable, Sendable {
    package let name: String
    /// Bytes.
    package let size: Int
    /// 64 hexadecimal digits.
    package let sha256: String
  }

  /// The file's name in a version's folder.
  static let fileName = "manifest.json"
  /// Versions of the same second keep their order.
  private static let dates = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

  package let name: String
  package let version: String
  /// `standard`, `turbo`, `nano` or `multilingual`.
  package let kind: String
  /// Where the files came from, the model's own repository first; empty after an import.
  package let sources: [Source]
  package let files: [File]
  package let installed: Date

  /// The manifest in a version's folder; `nil` when there is none that makes sense.
  init?(in folder: URL) {
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .custom { decoder in
      try Date(decoder.singleValueContainer().decode(String.self), strategy: Self.dates)
    }
    let path = folder.appending(path: Self.fileName)
    guard let size = path.fileSize, size <= 1 << 20, let data = try? Data(contentsOf: path),
      let manifest = try? decoder.decode(ModelManifest.self, from: data),
      manifest.files.allSatisfy({ NameRules.isRelativePath($0.name) })
    else { return nil }
    self = manifest
  }

  init(
    name: String, version: String, kind: ModelName, sources: [Source], files: [File], installed: Date = .now
  ) {
    self.name = name
    self.version = version
    self.kind = kind.rawValue
    self.sources = sources
    self.files = files.sorted { $0.name < $1.name }
    self.installed = installed
  }

  /// Writes it into a version's folder.
  func write(in folder: URL) throws {
    let encoder = JSONEncoder()
    encoder.dateEncodingStrategy = .custom { date, encoder in
      var container = encoder.singleValueContainer()
      try container.encode(date.formatted(Self.dates))
    }
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try onDisk(Self.fileName) {
      try encoder.encode(self).write(to: folder.appending(path: Self.fileName), options: .atomic)
    }
  }
}
