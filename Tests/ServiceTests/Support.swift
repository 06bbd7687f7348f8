import Foundation

@testable import Service

/// A folder that a test may write into.
final class TemporaryFolder: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "chatterbox-service-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: url)
  }

  var contents: [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? ["(gone)"]
  }

  func write(_ text: String, to name: String = "config.yaml") throws -> String {
    try write(Data(text.utf8), to: name)
  }

  func write(_ data: Data, to name: String = "config.yaml") throws -> String {
    let file = url.appending(path: name)
    try data.write(to: file)
    return file.path
  }
}

/// What a file of this text and these variables configure.
func load(
  _ yaml: String, _ environment: [String: String] = [:]
) throws -> ServiceConfiguration {
  let folder = try TemporaryFolder()
  return try ServiceConfiguration.load(path: folder.write(yaml), environment: environment)
}

/// What variables alone configure.
func load(
  environment: [String: String]
) throws -> ServiceConfiguration {
  let folder = try TemporaryFolder()
  return try ServiceConfiguration.load(path: nil, environment: environment, in: folder.url.path)
}

/// The error that a file of this text and these variables end in.
func failure(_ yaml: String, _ environment: [String: String] = [:]) throws -> ConfigurationError? {
  do {
    _ = try load(yaml, environment)
    return nil
  } catch let error as ConfigurationError {
    return error
  }
}

/// The repository.
let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()
