import Synchronization

/// What the time is in Redis, whose clock need not agree with this machine's.
final class RedisClock: Sendable {
  /// How far Redis' clock is ahead of the time this process has run by; `nil` when it has not told.
  private let ahead = Mutex<Duration?>(nil)
  private let start = ContinuousClock.now

  /// Redis has just told its time: seconds, then microseconds.
  func set(_ answer: RedisReply) {
    let parts = answer.elements.compactMap(\.integer)
    guard parts.count == 2 else { return }
    // Its answer took a while. Taken for instant, it makes deadlines too early rather than too late.
    let ahead = Duration.seconds(parts[0]) + .microseconds(parts[1]) - start.duration(to: .now)
    self.ahead.withLock { $0 = ahead }
  }

  func forget() { ahead.withLock { $0 = nil } }

  /// A moment in Redis' time, in milliseconds since 1970; `nil` when it has not told its time.
  func milliseconds(at moment: ContinuousClock.Instant) -> Int? {
    ahead.withLock(\.self).map { Int(($0 + start.duration(to: moment)) / .milliseconds(1)) }
  }
}
