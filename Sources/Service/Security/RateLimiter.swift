import Foundation
package import Redis

/// How many more requests somebody may send.
///
/// A driver keeps the buckets: ``MemoryRateLimiter`` for one node, ``RedisRateLimiter`` for many.
package protocol RateLimiter: Sendable {
  /// Takes a token out of somebody's bucket.
  ///
  /// - Returns: `nil` when there was one, else seconds until there is.
  func wait(for caller: String, _ limit: RateLimit) async -> Double?
}

/// Buckets in memory.
package actor MemoryRateLimiter: RateLimiter {
  private struct Bucket {
    var tokens: Double
    var time: ContinuousClock.Instant
  }

  private static let mostBuckets = 100_000

  private let now: @Sendable () -> ContinuousClock.Instant
  private var buckets: [String: Bucket] = [:]

  package init(now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) { self.now = now }

  package func wait(for caller: String, _ limit: RateLimit) -> Double? {
    let (time, rate) = (now(), Double(limit.requestsPerMinute) / 60)
    var bucket = buckets[caller] ?? Bucket(tokens: Double(limit.burst), time: time)
    bucket.tokens = min(
      Double(limit.burst), bucket.tokens + bucket.time.duration(to: time) / .seconds(1) * rate)
    bucket.time = time
    let isThere = bucket.tokens >= 1
    if isThere { bucket.tokens -= 1 }
    if buckets.count >= Self.mostBuckets { forgetTheFull(limit, at: time) }
    buckets[caller] = bucket
    return isThere ? nil : (1 - bucket.tokens) / rate
  }

  /// A bucket that would be full by now is as good as none.
  private func forgetTheFull(_ limit: RateLimit, at time: ContinuousClock.Instant) {
    let filling = Duration.seconds(Double(limit.burst) * 60 / Double(limit.requestsPerMinute))
    buckets = buckets.filter { $0.value.time + filling > time }
    if buckets.count >= Self.mostBuckets { buckets.removeAll() }
  }
}

/// Buckets that all nodes share. While Redis is away every node has its own.
package struct RedisRateLimiter: RateLimiter {
  private static let script = RedisScript(
    """
    local rate, burst = tonumber(ARGV[1]) / 60, tonumber(ARGV[2])
    local time = redis.call('TIME')
    local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
    local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'time')
    local tokens = tonumber(bucket[1] or burst)
    tokens = math.min(burst, tokens + math.max(0, now - tonumber(bucket[2] or now)) * rate)
    local wait = 0
    if tokens >= 1 then tokens = tokens - 1 else wait = math.ceil((1 - tokens) / rate * 1000) end
    redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'time', string.format('%.6f', now))
    redis.call('PEXPIRE', KEYS[1], math.ceil(burst / rate * 1000) + 1000)
    return wait
    """)

  private let redis: RedisClient
  private let own = MemoryRateLimiter()

  package init(redis: RedisClient) { self.redis = redis }

  package func wait(for caller: String, _ limit: RateLimit) async -> Double? {
    guard
      let wait = try? await redis.run(
        Self.script, keys: [RedisKey.bucket(caller)], limit.requestsPerMinute, limit.burst
      ).integer
    else { return await own.wait(for: caller, limit) }
    return wait == 0 ? nil : Double(wait) / 1_000
  }
}
