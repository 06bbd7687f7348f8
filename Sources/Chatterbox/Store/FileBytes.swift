import Foundation

/// Reading and writing whole files in pieces, so that memory stays constant.
enum FileBytes {
  private static let pieceSize = 1 << 20

  /// Hands over a file from its beginning, piece by piece.
  ///
  /// - Throws: ``ModelStoreError``; `CancellationError`.
  static func read(
    _ descriptor: Int32, _ name: String, _ take: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    var offset = 0
    try withUnsafeTemporaryAllocation(byteCount: pieceSize, alignment: 16) { buffer in
      while true {
        try Task.checkCancellation()
        let count = pread(descriptor, buffer.baseAddress, pieceSize, off_t(offset))
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { throw ModelStoreError.disk(errno, name) }
        if count == 0 { return }
        try take(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        offset += count
      }
    }
  }

  /// Writes all of some bytes.
  static func write(
    _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, at offset: Int, _ name: String
  ) throws {
    var written = 0
    while written < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
      let count = pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset + written))
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw ModelStoreError.disk(count < 0 ? errno : ENOSPC, name) }
      written += count
    }
  }

  /// The digest of a file; `nil` when there is none.
  ///
  /// - Throws: ``ModelStoreError``; `CancellationError`.
  static func digest(
    of file: URL, _ name: String, expecting checksum: FileChecksum? = nil,
    progress: (Int) -> Void = { _ in }
  ) throws -> (digest: FileDigest, size: Int)? {
    guard let size = file.fileSize else { return nil }
    let descriptor = open(file.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw ModelStoreError.disk(errno, name) }
    defer { close(descriptor) }
    var digest = FileDigest(size: size, expecting: checksum)
    var read = 0
    try self.read(descriptor, name) { piece in
      digest.update(piece)
      read += piece.count
      progress(read)
    }
    return (digest, read)
  }
}
