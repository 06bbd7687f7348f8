package import Foundation

/// An installed model's files.
package struct InstalledCheckpoint: Hashable, Sendable {
  /// The model that its networks are.
  package let kind: ModelName
  /// The folder that holds all of them. Tokenizer files lie here under their official names.
  package let folder: URL
  /// The version, which changes when a file changes; `nil` in a folder that was filled by hand.
  package let version: String?
  private let selection: [CheckpointLayout.Part: String]

  /// The checkpoint in a folder, if all its required files are there.
  init?(folder: URL, kind: ModelName, version: String?, t3: String? = nil) {
    guard let layout = CheckpointLayout(kind) else { return nil }
    let selection = layout.selection(from: Set(folder.fileNames), t3: t3)
    guard layout.missing(from: selection).isEmpty else { return nil }
    (self.kind, self.folder, self.version, self.selection) = (kind, folder, version, selection)
  }

  /// The file of a part; `nil` when the model has none.
  package func file(_ part: CheckpointLayout.Part) -> URL? {
    selection[part].map { folder.appending(path: $0) }
  }

  /// All its files.
  var files: [URL] { fileNames.map { folder.appending(path: $0) } }

  /// The names of all its files.
  var fileNames: [String] { selection.values.sorted() }
}

extension URL {
  /// The names of the files in a folder that are not empty, links followed; none when there is no folder.
  var fileNames: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { appending(path: $0).fileSize ?? 0 > 0 }
  }

  /// A regular file's size in bytes, links followed; `nil` for anything else.
  var fileSize: Int? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
  }
}
