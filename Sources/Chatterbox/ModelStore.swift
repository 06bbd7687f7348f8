public import Foundation
import Text

/// Where models live on this machine: one folder each, named after the model.
public struct ModelStore: Hashable, Sendable {
  /// The folder that holds the models' folders.
  public let directory: URL

  /// A store in a folder; `nil` is ``standardDirectory``.
  public init(directory: String? = nil) {
    self.directory =
      directory.map { URL(filePath: $0, directoryHint: .isDirectory) } ?? Self.standardDirectory
  }

  /// The user's own folder: `$XDG_DATA_HOME/chatterbox/models` or `~/.local/share/chatterbox/models` on
  /// Linux, `~/Library/Application Support/chatterbox/models` on macOS.
  public static var standardDirectory: URL { dataDirectory.appending(path: "chatterbox/models") }

  /// Where cloned voices are kept, beside the standard models directory.
  public static var standardVoicesDirectory: URL { dataDirectory.appending(path: "chatterbox/voices") }

  /// Where a server keeps its own things, beside the standard models directory.
  package static var standardServerDirectory: URL { dataDirectory.appending(path: "chatterbox/server") }

  private static var dataDirectory: URL {
    let home = FileManager.default.homeDirectoryForCurrentUser
    #if os(macOS)
      let data = home.appending(path: "Library/Application Support")
    #else
      let configured = ProcessInfo.processInfo.environment["XDG_DATA_HOME"].flatMap { $0.isEmpty ? nil : $0 }
      let data = configured.map { URL(filePath: $0) } ?? home.appending(path: ".local/share")
    #endif
    return data
  }

  /// The Piper voice in the starter model's folder: its weights and its configuration.
  package struct PiperVoice: Hashable, Sendable {
    package let weights: URL
    package let configuration: URL

    /// The pair at `weights`, if both files are there.
    package init?(weights: URL) {
      self.weights = weights
      configuration = URL(filePath: weights.path + ".json")
      let files = FileManager.default
      guard files.isReadableFile(atPath: weights.path), files.isReadableFile(atPath: configuration.path)
      else {
        return nil
      }
    }
  }

  /// The starter voice, or `nil` when it is not installed. Any Piper voice put in its folder will do; of
  /// several, the first by name is taken.
  package var starterVoice: PiperVoice? {
    let folder = directory.appending(path: ModelName.starter.rawValue)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasSuffix(".onnx") }.sorted().lazy
      .compactMap { PiperVoice(weights: folder.appending(path: $0)) }.first
  }

  package func isInstalled(_ model: ModelName) -> Bool {
    switch model {
    case .starter: starterVoice != nil
    case .espeak: Programs.isInstalled("espeak-ng")
    case .standard, .turbo, .nano, .multilingual: checkpoint(of: model.rawValue) != nil
    }
  }

  /// Every model that requests can name, and whether it is here.
  public var models: [ModelStatus] {
    ModelName.allCases.map { model in
      ModelStatus(
        name: model.rawValue, description: model.summary, languages: model.languages.map(\.code),
        installed: isInstalled(model))
    }
  }
}

/// Programs on the search path.
package enum Programs {
  /// Whether a program of this name can be run.
  package static func isInstalled(_ name: String) -> Bool {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return path.split(separator: ":").contains { folder in
      FileManager.default.isExecutableFile(atPath: "\(folder)/\(name)")
    }
  }
}
