public import Foundation

/// The folder of saved voices: one `.voice` file each, named as requests name them.
public struct VoiceStore: Hashable, Sendable {
  /// The folder.
  public let directory: URL

  /// A store in a folder.
  public init(directory: URL) {
    self.directory = directory
  }

  /// The names of all voices, sorted.
  public var names: [String] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
    return files.filter { $0.hasSuffix(".voice") }.map { String($0.dropLast(6)) }
      .filter(Self.isName).sorted()
  }

  /// Whether a name can name a voice: letters, digits, `-`, `_` and `.`, no path.
  public static func isName(_ name: String) -> Bool {
    name.count <= 64 && name.first.map { $0.isLetter || $0.isNumber } ?? false
      && name.unicodeScalars.allSatisfy {
        $0.properties.isAlphabetic || $0.properties.numericType != nil || "-_.".unicodeScalars.contains($0)
      }
  }

  /// A saved voice.
  ///
  /// - Throws: ``ChatterboxError`` when there is none of this name, or its file is damaged.
  public func voice(_ name: String) throws(ChatterboxError) -> Voice {
    guard Self.isName(name), FileManager.default.isReadableFile(atPath: path(name)) else {
      throw .unknown(.unknownVoice, "voice", name, among: names, field: "voice")
    }
    return try Voice(contentsOf: path(name), name: name)
  }

  /// Saves a voice under its name; one of the same name is replaced.
  ///
  /// - Throws: ``ChatterboxError`` when the name is no name, or the folder cannot be written.
  public func save(_ voice: Voice) throws {
    guard Self.isName(voice.name) else {
      throw ChatterboxError(
        .invalidValue, "A voice's name has up to 64 letters, digits, '-', '_' or '.'.", field: "name")
    }
    try? FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    try voice.save(to: path(voice.name))
  }

  /// Removes a saved voice.
  ///
  /// - Throws: ``ChatterboxError`` when there is none of this name, or it cannot be removed.
  public func remove(_ name: String) throws(ChatterboxError) {
    guard names.contains(name) else {
      throw .unknown(.unknownVoice, "voice", name, among: names, field: "voice")
    }
    do {
      try FileManager.default.removeItem(atPath: path(name))
    } catch {
      throw ChatterboxError(.outputNotWritable, "The voice cannot be removed: its folder is not writable.")
    }
  }

  private func path(_ name: String) -> String { directory.appending(path: "\(name).voice").path }
}
