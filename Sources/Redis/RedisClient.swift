import Synchronization

/// A Redis that may go away and come back.
///
/// While it is away commands fail at once, and it is tried again after longer and longer pauses.
package final class RedisClient: Sendable {
  private struct State {
    var failures = 0
    var retryAt: ContinuousClock.Instant?
    var next = 0
    /// Since when it has answered without a break.
    var answersSince: ContinuousClock.Instant?
  }

  private static let firstPause = Duration.milliseconds(100)
  private static let longestPause = Duration.seconds(3)

  private let address: RedisAddress
  private let timeout: Duration
  private let connections: [RedisConnection]
  private let clock = RedisClock()
  private let state = Mutex(State())

  /// - Parameters:
  ///   - connections: how many commands may be under way at a time.
  ///   - timeout: how long connecting, and an answer, may take.
  package init(_ address: RedisAddress, connections: Int = 8, timeout: Duration = .seconds(2)) {
    self.address = address
    self.timeout = timeout
    self.connections = (0..<connections).map { _ in RedisConnection(to: address, timeout: timeout) }
  }

  /// A client of the same Redis with one connection of its own, for commands that wait.
  package func another() -> RedisClient { RedisClient(address, connections: 1, timeout: timeout) }

  /// How long it has answered without a break; `nil` while it is away.
  package var answersFor: Duration? { state.withLock(\.answersSince).map { $0.duration(to: .now) } }

  /// Does a command that does no harm when it is done twice.
  ///
  /// - Parameter patience: how long the answer may take beyond the timeout.
  @discardableResult
  package func send(
    _ command: RedisCommand, patience: Duration = .zero
  ) async throws(RedisError) -> RedisReply {
    try await pipeline([command], patience: patience)[0]
  }

  /// Does commands one after the other, without waiting for each one's answer.
  @discardableResult
  package func pipeline(
    _ commands: [RedisCommand], patience: Duration = .zero
  ) async throws(RedisError) -> [RedisReply] {
    let replies = try await exchange(commands, patience)
    for reply in replies {
      if case .error(let words) = reply { throw RedisError(answer: words) }
    }
    return replies
  }

  /// Runs a script in Redis, where nothing else happens meanwhile.
  @discardableResult
  package func run(
    _ script: RedisScript, keys: [String] = [], _ arguments: any RedisArgument...
  ) async throws(RedisError) -> RedisReply {
    try await run(script, keys: keys, arguments: arguments)
  }

  /// Runs a script in Redis, where nothing else happens meanwhile.
  @discardableResult
  package func run(
    _ script: RedisScript, keys: [String] = [], arguments: [any RedisArgument]
  ) async throws(RedisError) -> RedisReply {
    let rest: [any RedisArgument] = [keys.count] + keys + arguments
    let reply = try await exchange([RedisCommand("EVALSHA", [script.digest] + rest)], .zero)[0]
    guard case .error(let words) = reply else { return reply }
    guard words.hasPrefix("NOSCRIPT") else { throw RedisError(answer: words) }
    return try await send(RedisCommand("EVAL", [script.source] + rest))
  }

  /// Runs a script that begins something, which must not begin any more once its caller was told that Redis is away.
  ///
  /// A Redis that hangs does what it was sent when it goes on. So the script gets a limit as its last argument.
  ///
  /// - Parameters:
  ///   - script: one that was made with ``RedisScript/init(timed:)``.
  ///   - patience: within what time, if it is shorter than that for any answer.
  /// - Throws: ``RedisError/away``. Where Redis died before its answer came, the script may have run; later it never will.
  package func begin(
    _ script: RedisScript, within patience: Duration? = nil, arguments: [any RedisArgument]
  ) async throws(RedisError) -> RedisReply {
    for _ in 0..<2 {
      let limit = try await milliseconds(at: .now + min(patience ?? timeout, timeout))
      let reply = try await run(script, arguments: arguments + [limit])
      guard reply.elements.first?.text == "late" else { return reply }
      // There is still somebody to hear it: so the clock was put, or the command waited here.
      clock.forget()
    }
    throw .away
  }

  /// Runs a script that begins something, as ``begin(_:within:arguments:)``.
  package func begin(
    _ script: RedisScript, _ arguments: any RedisArgument...
  ) async throws(RedisError) -> RedisReply {
    try await begin(script, arguments: arguments)
  }

  /// A moment in the time of Redis' own clock, in milliseconds since 1970.
  package func milliseconds(at moment: ContinuousClock.Instant) async throws(RedisError) -> Int {
    if let time = clock.milliseconds(at: moment) { return time }
    clock.set(try await send(RedisCommand("TIME")))
    guard let time = clock.milliseconds(at: moment) else { throw .failed(kind: "TIME") }
    return time
  }

  private func exchange(
    _ commands: [RedisCommand], _ patience: Duration
  ) async throws(RedisError) -> [RedisReply] {
    let connection = try state.withLock { state throws(RedisError) in
      if let retryAt = state.retryAt, .now < retryAt { throw .away }
      state.next = (state.next + 1) % connections.count
      return connections[state.next]
    }
    let result = await connection.send(commands, patience: patience)
    note(result)
    return try result.get()
  }

  private func note(_ result: Result<[RedisReply], RedisError>) {
    var isAway = result == .failure(.away)
    if case .success(let replies) = result {
      isAway = replies.contains { reply in
        if case .error(let words) = reply { RedisError(answer: words) == .away } else { false }
      }
    }
    state.withLock { state in
      if isAway {
        state.failures += 1
        let pause = min(Self.firstPause * (1 << min(state.failures - 1, 6)), Self.longestPause)
        // Not all nodes at once.
        state.retryAt = .now + pause * Double.random(in: 0.5...1)
        state.answersSince = nil
      } else {
        state.failures = 0
        state.retryAt = nil
        state.answersSince = state.answersSince ?? .now
      }
    }
  }
}
