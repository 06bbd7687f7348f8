package import Foundation

/// The answers used last, in memory.
package actor MemoryCache: SpeechCache {
  private struct Entry {
    let speech: CachedSpeech
    var used: Int
  }

  private let capacity: Int
  private let timeToLive: TimeInterval
  private let now: @Sendable () -> Date
  private var entries: [String: Entry] = [:]
  private var byteCount = 0
  private var useCount = 0

  /// - Parameters:
  ///   - capacity: the most bytes of audio.
  ///   - timeToLive: how long after it was made an answer may be given again.
  ///   - now: the time.
  package init(
    capacity: Int, timeToLive: Duration, now: @escaping @Sendable () -> Date = { Date.now }
  ) {
    self.capacity = capacity
    self.timeToLive = timeToLive / .seconds(1)
    self.now = now
  }

  package func speech(for key: String) -> CachedSpeech? {
    guard let entry = entries[key] else { return nil }
    guard now() < entry.speech.made + timeToLive else {
      remove(key)
      return nil
    }
    useCount += 1
    entries[key]?.used = useCount
    return entry.speech
  }

  package func keep(_ speech: CachedSpeech, for key: String) {
    remove(key)
    // One answer must not push out all others.
    guard speech.bytes.count <= capacity / 4 else { return }
    while byteCount + speech.bytes.count > capacity,
      let oldest = entries.min(by: { $0.value.used < $1.value.used })
    {
      remove(oldest.key)
    }
    useCount += 1
    entries[key] = Entry(speech: speech, used: useCount)
    byteCount += speech.bytes.count
  }

  private func remove(_ key: String) {
    guard let entry = entries.removeValue(forKey: key) else { return }
    byteCount -= entry.speech.bytes.count
  }
}
