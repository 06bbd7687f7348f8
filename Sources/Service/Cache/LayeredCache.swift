/// A small fast cache in front of a large one.
package struct LayeredCache: SpeechCache {
  private let near: MemoryCache
  private let far: DiskCache

  package init(near: MemoryCache, far: DiskCache) {
    (self.near, self.far) = (near, far)
  }

  package func speech(for key: String) async -> CachedSpeech? {
    if let speech = await near.speech(for: key) { return speech }
    guard let speech = await far.speech(for: key) else { return nil }
    await near.keep(speech, for: key)
    return speech
  }

  package func keep(_ speech: CachedSpeech, for key: String) async {
    await near.keep(speech, for: key)
    await far.keep(speech, for: key)
  }
}
