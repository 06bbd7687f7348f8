package import Redis

/// A small fast cache in front of a large one.
package struct LayeredCache: SpeechCache {
  private let near: MemoryCache
  private let far: any SpeechCache

  package init(near: MemoryCache, far: any SpeechCache) {
    (self.near, self.far) = (near, far)
  }

  /// The cache of a node: in memory, then in the Redis of all nodes if there is one, else on this node's disk.
  package init(_ configuration: ServiceConfiguration.Cache, in folders: NodeFolders, _ redis: RedisClient?) {
    let timeToLive = Duration.seconds(configuration.ttlSeconds)
    near = MemoryCache(capacity: configuration.maxMemoryBytes, timeToLive: timeToLive)
    far =
      redis.map { RedisCache($0, timeToLive: timeToLive) }
      ?? DiskCache(directory: folders.cache, capacity: configuration.maxDiskBytes, timeToLive: timeToLive)
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
