package import Foundation

extension RecordingReader {
  /// Keeps the whole of the audio for somebody who comes back for it.
  ///
  /// - Parameters:
  ///   - storage: where.
  ///   - folder: where the file is until it is whole.
  /// - Throws: what ended the making; ``StorageError``; `CancellationError`.
  package func kept(in storage: any AudioStorage, by folder: URL) async throws -> StoredAudio {
    let summary = try await summary()
    let file = folder.appending(path: UUID().uuidString)
    guard FileManager.default.createFile(atPath: file.path, contents: nil),
      let handle = FileHandle(forWritingAtPath: file.path)
    else { throw StorageError.noRoom }
    defer {
      try? handle.close()
      try? FileManager.default.removeItem(at: file)
    }
    for offset in stride(from: 0, to: summary.byteCount, by: 1 << 20) {
      let bytes = try recording.bytes(in: offset..<Swift.min(offset + 1 << 20, summary.byteCount))
      do { try handle.write(contentsOf: bytes) } catch { throw StorageError.noRoom }
    }
    return try await storage.keep(fileAt: file, format: recording.format)
  }
}
