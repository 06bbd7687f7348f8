import Foundation

/// A file that grows as it arrives and goes on where it stopped: `NAME.part`, and beside it the entity tag
/// that the server gave its bytes.
///
/// It belongs to the task that holds the model's ``FolderLock``.
struct PartialFile: ~Copyable {
  /// The file's name within the model.
  let name: String
  /// The bytes that the whole file will have.
  let expectedSize: Int
  private let checksum: FileChecksum
  /// The bytes that are here.
  private(set) var size = 0
  private(set) var digest: FileDigest
  private let url: URL
  private let descriptor: Int32

  private var tagFile: URL { url.appendingPathExtension("etag") }

  /// Opens what an earlier attempt left, and reads its digest.
  ///
  /// - Throws: ``ModelStoreError``; `CancellationError`.
  init(_ name: String, in folder: URL, expectedSize: Int, checksum: FileChecksum) throws {
    self.name = name
    self.expectedSize = expectedSize
    self.checksum = checksum
    url = folder.appending(path: name + ".part")
    digest = FileDigest(size: expectedSize, expecting: checksum)
    descriptor = open(url.path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
    guard descriptor >= 0 else { throw ModelStoreError.disk(errno, name) }
    if url.fileSize ?? 0 > expectedSize { try restart() }
    try FileBytes.read(descriptor, name) { piece in
      digest.update(piece)
      size += piece.count
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// The strong entity tag of the bytes that are here.
  var entityTag: String? {
    get { size > 0 ? try? String(contentsOf: tagFile, encoding: .utf8) : nil }
    nonmutating set {
      guard let newValue, newValue.hasPrefix("\"") else {
        try? FileManager.default.removeItem(at: tagFile)
        return
      }
      try? Data(newValue.utf8).write(to: tagFile)
    }
  }

  /// Adds bytes at the end.
  mutating func append(_ bytes: UnsafeRawBufferPointer) throws {
    try FileBytes.write(bytes, to: descriptor, at: size, name)
    digest.update(bytes)
    size += bytes.count
  }

  /// Throws away what is here.
  mutating func restart() throws {
    guard ftruncate(descriptor, 0) == 0 else { throw ModelStoreError.disk(errno, name) }
    size = 0
    digest = FileDigest(size: expectedSize, expecting: checksum)
    entityTag = nil
  }

  /// Gives the file its name, once its bytes are on the disk.
  func keep() throws {
    guard fsync(descriptor) == 0 else { throw ModelStoreError.disk(errno, name) }
    entityTag = nil
    guard rename(url.path, url.deletingPathExtension().path) == 0 else {
      throw ModelStoreError.disk(errno, name)
    }
  }
}
