/// The answers used last, in memory.
package actor MemoryCache: SpeechCache {
  private struct Entry {
    let speech: CachedSpeech
    let expiry: ContinuousClock.Instant
    var used: Int
  }

  private let capacity: Int
  private let timeToLive: Duration
  private var entries: [String: Entry] = [:]
  private var byteCount = 0
  private var clock = 0

  /// - Parameters:
  ///   - capacity: the most bytes of audio.
  ///   - timeToLive: how long an answer may be given again.
  package init(capacity: Int, timeToLive: Duration) {
    self.capacity = capacity
    self.timeToLive = timeToLive
  }

  package func speech(for key: String) -> CachedSpeech? {
    guard let entry = entries[key] else { return nil }
    guard entry.expiry > .now else {
      remove(key)
      return nil
    }
    clock += 1
    entries[key]?.used = clock
    return entry.speech
  }

  package func keep(_ speech: CachedSpeech, for key: String) {
    keep(speech, for: key, until: .now + timeToLive)
  }

  /// Keeps an answer that is older than it comes.
  func keep(_ speech: CachedSpeech, for key: String, until expiry: ContinuousClock.Instant) {
    remove(key)
    guard speech.bytes.count <= capacity / 4 else { return }
    while byteCount + speech.bytes.count > capacity,
      let oldest = entries.min(by: { $0.value.used < $1.value.used })
    {
      remove(oldest.key)
    }
    clock += 1
    entries[key] = Entry(speech: speech, expiry: expiry, used: clock)
    byteCount += speech.bytes.count
  }

  private func remove(_ key: String) {
    guard let entry = entries.removeValue(forKey: key) else { return }
    byteCount -= entry.speech.bytes.count
  }
}
