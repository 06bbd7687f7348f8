import Audio
import Chatterbox
package import Foundation

/// Answers in a folder, found again after a restart.
///
/// A file holds a line of JSON, then the audio. A file that is not what it says is deleted, never served.
package actor DiskCache: SpeechCache {
  private struct Entry {
    let byteCount: Int
    var used: Date
  }

  private let directory: URL
  private let capacity: Int
  private let timeToLive: TimeInterval
  private let now: @Sendable () -> Date
  private var entries: [String: Entry]
  private var byteCount: Int

  /// Takes over what a folder holds.
  ///
  /// - Parameters:
  ///   - capacity: the most bytes on the disk.
  ///   - timeToLive: how long after it was made an answer may be given again.
  ///   - now: the time.
  package init(
    directory: URL, capacity: Int, timeToLive: Duration, now: @escaping @Sendable () -> Date = { Date.now }
  ) {
    self.directory = directory
    self.capacity = capacity
    self.timeToLive = timeToLive / .seconds(1)
    self.now = now
    let keys: Set<URLResourceKey> = [.fileSizeKey, .contentModificationDateKey]
    let files =
      (try? FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: Array(keys)))
      ?? []
    var entries: [String: Entry] = [:]
    for file in files {
      guard file.pathExtension == "speech", let values = try? file.resourceValues(forKeys: keys),
        let size = values.fileSize, let date = values.contentModificationDate
      else {
        // Half-made when the server was killed.
        try? FileManager.default.removeItem(at: file)
        continue
      }
      entries[file.deletingPathExtension().lastPathComponent] = Entry(byteCount: size, used: date)
    }
    self.entries = entries
    byteCount = entries.values.reduce(0) { $0 + $1.byteCount }
  }

  package func speech(for key: String) -> CachedSpeech? {
    guard entries[key] != nil else { return nil }
    guard let speech = read(key) else {
      remove(key)
      return nil
    }
    entries[key]?.used = now()
    try? FileManager.default.setAttributes([.modificationDate: now()], ofItemAtPath: file(key).path)
    return speech
  }

  package func keep(_ speech: CachedSpeech, for key: String) {
    guard let data = try? speech.bytes(for: key) else { return }
    let size = data.count
    guard size <= capacity / 4 else { return }
    remove(key)
    makeRoom(for: size)
    let partial = file(key).appendingPathExtension("partial")
    do {
      try data.write(to: partial)
      try FileManager.default.moveItem(at: partial, to: file(key))
    } catch {
      // A full disk costs an answer that could have been given again, nothing more.
      try? FileManager.default.removeItem(at: partial)
      return
    }
    entries[key] = Entry(byteCount: size, used: now())
    byteCount += size
  }

  /// An answer as its file has it; `nil` when it is too old, or not what was written.
  private func read(_ key: String) -> CachedSpeech? {
    guard let data = try? Data(contentsOf: file(key)), let speech = CachedSpeech(data, for: key),
      now() < speech.made + timeToLive
    else { return nil }
    return speech
  }

  private func makeRoom(for size: Int) {
    while byteCount + size > capacity, let oldest = entries.min(by: { $0.value.used < $1.value.used }) {
      remove(oldest.key)
    }
  }

  private func remove(_ key: String) {
    guard let entry = entries.removeValue(forKey: key) else { return }
    byteCount -= entry.byteCount
    try? FileManager.default.removeItem(at: file(key))
  }

  /// Keys are hashes and formats, made by us.
  private func file(_ key: String) -> URL { directory.appending(path: "\(key).speech") }
}
