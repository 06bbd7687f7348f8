import Audio
import Foundation

/// Copies files of this machine and hashes them on the way.
enum FileCopy {
  /// Copies one file, links followed.
  static func copy(
    _ name: String, from source: URL, to folder: URL, report: @escaping @Sendable (StoreEvent) -> Void
  ) throws -> ModelManifest.File {
    let path = source.appending(path: name)
    let reading = open(path.path, O_RDONLY | O_CLOEXEC)
    guard reading >= 0 else { throw ModelStoreError.disk(errno, name) }
    defer { close(reading) }
    let writing = open(folder.appending(path: name).path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard writing >= 0 else { throw ModelStoreError.disk(errno, name) }
    defer { close(writing) }
    let size = path.fileSize ?? 0
    var digest = FileDigest(size: size)
    var meter = ProgressMeter(.copy, name, total: size, report: report)
    var written = 0
    try FileBytes.read(reading, name) { piece in
      try FileBytes.write(piece, to: writing, at: written, name)
      digest.update(piece)
      written += piece.count
      meter.show(written)
    }
    guard fsync(writing) == 0 else { throw ModelStoreError.disk(errno, name) }
    meter.finish()
    return .init(name: name, size: written, sha256: digest.hexadecimal)
  }

  /// 12 hexadecimal digits that change when a file does.
  static func fingerprint(of files: [ModelManifest.File]) -> String {
    let list = files.sorted { $0.name < $1.name }.map { "\($0.sha256)  \($0.name)\n" }.joined()
    return String(SHA256Digest.hexadecimal(of: Array(list.utf8)).prefix(12))
  }
}
