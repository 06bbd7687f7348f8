import Foundation

/// The file that holds the configuration.
struct ConfigurationFile {
  /// Many times the size of any real configuration.
  static let mostBytes = 1_048_576

  let path: String

  /// Its name in messages.
  var name: String { URL(filePath: path).lastPathComponent }

  /// The file to read, or `nil` when nobody asked for one and there is none.
  static func find(path: String?, environment: [String: String], directory: String) -> ConfigurationFile? {
    if let asked = path ?? environment["CHATTERBOX_CONFIG"] { return ConfigurationFile(path: asked) }
    let usual = URL(filePath: directory).appending(path: "config.yaml").path
    return FileManager.default.fileExists(atPath: usual) ? ConfigurationFile(path: usual) : nil
  }

  func text() throws(ConfigurationError) -> String {
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw FileManager.default.fileExists(atPath: path)
        ? error(.fileNotReadable, "the file cannot be read. Check its permissions.")
        : error(.fileNotFound, "there is no such file. Check --config or CHATTERBOX_CONFIG.")
    }
    let bytes: Data
    do {
      bytes = try file.read(upToCount: Self.mostBytes + 1) ?? Data()
    } catch {
      throw self.error(.fileNotReadable, "the file cannot be read. Check that it is a file and no folder.")
    }
    guard bytes.count <= Self.mostBytes else {
      throw error(.fileTooLarge, "the file is larger than 1 MiB, which no configuration is.")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw error(.notUTF8, "the file is not UTF-8 text. Save it in that encoding.")
    }
    return text
  }

  private func error(_ kind: ConfigurationError.Kind, _ message: String) -> ConfigurationError {
    ConfigurationError(kind, at: .file(name), message)
  }
}
