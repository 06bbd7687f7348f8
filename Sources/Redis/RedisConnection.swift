import CHiredis
import Dispatch
import Foundation
import Synchronization

/// One connection, on a thread of its own: hiredis waits where Swift's tasks must not.
///
/// Commands are done one after the other. A connection that broke is made again by the next command.
final class RedisConnection: Sendable {
  private struct State {
    var context: UnsafeMutablePointer<redisContext>?
    /// Whether the connection has answered before, so that Redis may have closed it meanwhile.
    var hasAnswered = false

    /// Whether it ended because Redis closed it.
    var wasClosed: Bool {
      guard let context else { return false }
      let isBroken = context.pointee.err == REDIS_ERR_IO && [ECONNRESET, EPIPE].contains(failure)
      return context.pointee.err == REDIS_ERR_EOF || isBroken
    }

    /// The system's number of the last failure.
    var failure: Int32 = 0
  }

  private let address: RedisAddress
  private let timeout: Duration
  private let queue = DispatchQueue(label: "redis", qos: .userInitiated)
  private let state = Mutex(State())

  /// - Parameter timeout: how long connecting, and an answer, may take.
  init(to address: RedisAddress, timeout: Duration) {
    (self.address, self.timeout) = (address, timeout)
  }

  deinit {
    state.withLock { if let context = $0.context { redisFree(context) } }
  }

  /// Does a command, or several one after the other in one go.
  ///
  /// A connection that Redis has closed since the last answer is made again once; so a command must not do harm
  /// when it is done twice.
  ///
  /// - Parameter patience: how long an answer may take beyond the timeout, for commands that wait. The time runs from
  ///   now on, whatever is still to be done before.
  func send(
    _ commands: [RedisCommand], patience: Duration = .zero
  ) async -> Result<[RedisReply], RedisError> {
    let end = ContinuousClock.now + timeout + patience
    return await withCheckedContinuation { continuation in
      queue.async { [self] in
        let result = state.withLock { state in
          guard .now < end else { return Result<[RedisReply], RedisError>.failure(.away) }
          var isStale = state.context != nil && state.hasAnswered
          while true {
            do throws(RedisError) {
              try connect(&state, until: end)
              return .success(try exchange(commands, until: end, &state))
            } catch {
              let wasClosed = state.wasClosed
              if error == .away { close(&state) }
              // Never after a time is up: it would only be up once more.
              guard error == .away, isStale, wasClosed else { return .failure(error) }
              isStale = false
            }
          }
        }
        continuation.resume(returning: result)
      }
    }
  }

  private func close(_ state: inout State) {
    if let context = state.context { redisFree(context) }
    state = State()
  }

  private func connect(
    _ state: inout State, until end: ContinuousClock.Instant
  ) throws(RedisError) {
    guard state.context == nil else { return }
    guard
      let context = redisConnectWithTimeout(address.host, Int32(address.port), timeval(until: end))
    else { throw .away }
    state.context = context
    guard context.pointee.err == 0 else { throw .away }
    _ = redisEnableKeepAlive(context)
    var greeting: [RedisCommand] = []
    if let password = address.password {
      greeting.append(RedisCommand("AUTH", [address.user, password].compactMap { $0 }))
    }
    if address.database != 0 { greeting.append(RedisCommand("SELECT", address.database)) }
    do throws(RedisError) {
      for answer in try exchange(greeting, until: end, &state) {
        if case .error(let words) = answer { throw RedisError(answer: words) }
      }
    } catch {
      close(&state)
      // An old Redis says ERR where it knows no password.
      throw error == .failed(kind: "ERR") ? .refused : error
    }
  }

  private func exchange(
    _ commands: [RedisCommand], until end: ContinuousClock.Instant, _ state: inout State
  ) throws(RedisError) -> [RedisReply] {
    guard let context = state.context else { throw .away }
    redisSetTimeout(context, timeval(until: end))
    for command in commands { append(command, to: context) }
    var replies: [RedisReply] = []
    for _ in commands {
      var reply: UnsafeMutableRawPointer?
      guard redisGetReply(context, &reply) == REDIS_OK, let reply else {
        state.failure = errno
        throw .away
      }
      defer { freeReplyObject(reply) }
      replies.append(RedisReply(reply.assumingMemoryBound(to: redisReply.self).pointee))
    }
    state.hasAnswered = true
    return replies
  }

  private func append(_ command: RedisCommand, to context: UnsafeMutablePointer<redisContext>) {
    let flat = command.parts.flatMap { $0 }
    flat.withUnsafeBufferPointer { bytes in
      // An empty array has no address, and hiredis asks for none then.
      let base = UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self)
      var pointers: [UnsafePointer<CChar>?] = []
      var offset = 0
      for part in command.parts {
        pointers.append(base?.advanced(by: offset))
        offset += part.count
      }
      let lengths = command.parts.map(\.count)
      redisAppendCommandArgv(context, Int32(pointers.count), &pointers, lengths)
    }
  }
}

extension RedisReply {
  fileprivate init(_ reply: redisReply) {
    switch reply.type {
    case REDIS_REPLY_INTEGER: self = .integer(Int(reply.integer))
    case REDIS_REPLY_STRING, REDIS_REPLY_STATUS:
      self = .bytes(Array(UnsafeRawBufferPointer(start: reply.str, count: reply.len)))
    case REDIS_REPLY_ERROR:
      self = .error(
        String(decoding: UnsafeRawBufferPointer(start: reply.str, count: reply.len), as: UTF8.self))
    case REDIS_REPLY_ARRAY:
      self = .array(
        (0..<reply.elements).map { index in
          reply.element[index].map { RedisReply($0.pointee) } ?? .null
        })
    default: self = .null
    }
  }
}

/// The time that is left. Never none: that would be no limit.
private func timeval(until end: ContinuousClock.Instant) -> timeval {
  let microseconds = max(1_000, ContinuousClock.now.duration(to: end) / .microseconds(1))
  return Foundation.timeval(
    tv_sec: Int(microseconds / 1e6), tv_usec: .init(microseconds.truncatingRemainder(dividingBy: 1e6)))
}
