package import Foundation
package import Redis

/// Answers that all nodes share, in Redis. Redis forgets them itself, when they are old or it has no room.
package struct RedisCache: SpeechCache {
  private let redis: RedisClient
  private let timeToLive: TimeInterval
  private let now: @Sendable () -> Date

  /// - Parameter timeToLive: how long after it was made an answer may be given again.
  package init(
    _ redis: RedisClient, timeToLive: Duration, now: @escaping @Sendable () -> Date = { Date.now }
  ) {
    self.redis = redis
    self.timeToLive = timeToLive / .seconds(1)
    self.now = now
  }

  package func speech(for key: String) async -> CachedSpeech? {
    guard let bytes = try? await redis.send(RedisCommand("GET", RedisKey.cache(key))).bytes,
      let speech = CachedSpeech(Data(bytes), for: key), now() < speech.made + timeToLive
    else { return nil }
    return speech
  }

  package func keep(_ speech: CachedSpeech, for key: String) async {
    let rest = Int((speech.made.addingTimeInterval(timeToLive).timeIntervalSince(now()) * 1_000).rounded(.up))
    guard rest > 0, let data = try? speech.bytes(for: key) else { return }
    _ = try? await redis.send(RedisCommand("SET", RedisKey.cache(key), data, "PX", rest))
  }
}
