import Foundation

/// A version that grows out of sight and appears when it is whole.
struct StagedVersion {
  let model: ModelFolder
  let version: String

  var folder: URL { model.partials.appending(path: version, directoryHint: .isDirectory) }

  /// Makes the folder, or finds what an earlier attempt left there.
  init(_ model: ModelFolder, version: String) throws {
    self.model = model
    self.version = version
    let folder = folder
    try onDisk(model.name) {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }
  }

  /// Checks that the disk can take what is still to come.
  func requireSpace(for bytes: Int) throws {
    let present = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    let here = present.reduce(0) { $0 + (folder.appending(path: $1).fileSize ?? 0) }
    let attributes = try? FileManager.default.attributesOfFileSystem(forPath: folder.path)
    guard let free = (attributes?[.systemFreeSize] as? NSNumber)?.intValue, free < bytes - here else {
      return
    }
    throw ModelStoreError(
      .diskFull,
      "'\(model.name)' needs \(ByteCount(bytes - here)) and the disk has \(ByteCount(free)) left. Free some space, or choose another folder in models.cache_dir."
    )
  }

  /// Shows the version to everybody and makes it the current one.
  func publish(_ manifest: ModelManifest) throws {
    try manifest.write(in: folder)
    let place = model.versionFolder(version)
    // A damaged version of the same name makes room.
    if rename(folder.path, place.path) != 0 {
      try RemovedFolder.remove(place, model)
      guard rename(folder.path, place.path) == 0 else { throw ModelStoreError.disk(errno, model.name) }
    }
    try model.makeCurrent(version)
    try? FileManager.default.removeItem(at: model.partials)
  }
}

/// Folders on their way out: first out of sight at once, then deleted file by file. What a killed process
/// left of this is deleted by the next.
enum RemovedFolder {
  private static let prefix = ".removed-"

  static func remove(_ folder: URL, _ model: ModelFolder) throws {
    guard FileManager.default.fileExists(atPath: folder.path) else { return }
    let hidden = model.url.appending(path: prefix + UUID().uuidString)
    guard rename(folder.path, hidden.path) == 0 else { throw ModelStoreError.disk(errno, model.name) }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: model.url.path)) ?? []
    for name in names where name.hasPrefix(prefix) {
      try onDisk(model.name) { try FileManager.default.removeItem(at: model.url.appending(path: name)) }
    }
  }
}

/// A number of bytes, for people: `2.13 GB`.
package struct ByteCount: CustomStringConvertible {
  private let bytes: Int

  package init(_ bytes: Int) { self.bytes = bytes }

  package var description: String {
    let units = ["B", "kB", "MB", "GB", "TB"]
    var value = Double(bytes)
    var unit = 0
    while value >= 999.5, unit < units.count - 1 {
      value /= 1000
      unit += 1
    }
    let decimals = unit == 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2
    return String(format: "%.\(decimals)f ", value) + units[unit]
  }
}
