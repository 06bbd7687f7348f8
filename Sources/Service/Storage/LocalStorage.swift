package import Audio
package import Foundation
import Synchronization

/// Audio in a folder of this machine: a file for the bytes, one beside it for what is known of them.
///
/// The second one is written last and read first, so that audio exists whole or not at all.
package final class LocalStorage: AudioStorage {
  private let directory: URL
  /// The files that have been read whole and were right, as they were then.
  private let checked = Mutex<[String: FileStamp]>([:])

  /// - Parameter directory: where the audio is; it exists.
  package init(directory: URL) {
    self.directory = directory
  }

  package func keep(fileAt file: URL, format: AudioFormat) throws(StorageError) -> StoredAudio {
    let audio = try StoredAudio(takingOver: file, format)
    do {
      try DurableFile.synchronize(file)
      try DurableFile.move(file, to: bytes(of: audio.id))
      try DurableFile.write(audio.notes, to: notes(of: audio.id))
    } catch {
      try? FileManager.default.removeItem(at: bytes(of: audio.id))
      throw .noRoom
    }
    return audio
  }

  package func audio(_ id: String) throws(StorageError) -> StoredAudio? {
    guard StoredAudio.isID(id), let data = try? Data(contentsOf: notes(of: id)) else { return nil }
    return try StoredAudio(notes: data, of: id)
  }

  package func read(_ audio: StoredAudio, range: Range<Int>) throws(StorageError) -> [UInt8] {
    try check(audio)
    guard let handle = try? FileHandle(forReadingFrom: bytes(of: audio.id)) else { throw .gone }
    defer { try? handle.close() }
    guard range.upperBound <= audio.byteCount,
      (try? handle.seek(toOffset: UInt64(range.lowerBound))) != nil,
      let data = try? handle.read(upToCount: range.count) ?? Data(), data.count == range.count
    else { throw .damaged }
    return [UInt8](data)
  }

  package func remove(_ id: String) throws(StorageError) {
    guard StoredAudio.isID(id) else { return }
    checked.withLock { $0[id] = nil }
    for file in [notes(of: id), bytes(of: id)] where FileManager.default.fileExists(atPath: file.path) {
      do { try FileManager.default.removeItem(at: file) } catch { throw .noRoom }
    }
  }

  /// Deletes what is older, and what a crash left half-made.
  ///
  /// - Returns: how many audios were deleted.
  @discardableResult
  package func clean(olderThan age: Duration) -> Int {
    let limit = Date.now.addingTimeInterval(-(age / .seconds(1)))
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
    let old = names.filter { name in
      guard StoredAudio.isID(String(name.prefix(32))), [".audio", ".json"].contains(name.dropFirst(32)) else {
        return false
      }
      let path = directory.appending(path: name).path
      let changed = try? FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
      return changed.map { $0 < limit } ?? false
    }
    let ids = Set(old.map { String($0.prefix(32)) })
    return ids.count { (try? remove($0)) != nil }
  }

  /// Reads the whole of an audio once, and again when its file has changed.
  private func check(_ audio: StoredAudio) throws(StorageError) {
    let file = bytes(of: audio.id)
    guard let stamp = FileStamp(of: file) else { throw .gone }
    if checked.withLock({ $0[audio.id] == stamp }) { return }
    let (sha256, byteCount) = try StoredAudio.digest(of: file)
    guard sha256 == audio.sha256, byteCount == audio.byteCount else { throw .damaged }
    checked.withLock { checked in
      if checked.count >= 10_000 { checked.removeAll() }
      checked[audio.id] = stamp
    }
  }

  private func bytes(of id: String) -> URL { directory.appending(path: "\(id).audio") }
  private func notes(of id: String) -> URL { directory.appending(path: "\(id).json") }
}
