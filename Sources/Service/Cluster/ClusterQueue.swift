import Audio
import Chatterbox
import Foundation
package import Redis

/// The line that all nodes share, in Redis.
///
/// The same order as in ``MemoryQueue``: urgent before less urgent, callers in turns. See ``ClusterScripts``.
package struct ClusterQueue: Sendable {
  /// What has become of a request to speak.
  enum Place: Hashable, Sendable {
    case own
    /// The same is being made for another: its item, and who speaks.
    case shared(id: String, SpeechInfo)
  }

  let redis: RedisClient
  /// What this node is called among the others.
  let node: String
  let capacity: Int

  package init(redis: RedisClient, node: String, capacity: Int) {
    (self.redis, self.node, self.capacity) = (redis, node, capacity)
  }

  /// Takes a place in the line, unless the same is being made already.
  ///
  /// - Parameters:
  ///   - place: what is the same; `nil` shares with nobody.
  ///   - deadline: when nobody waits for a turn any more.
  /// - Throws: ``QueueError/full(capacity:retryAfter:)``; `RedisError`.
  func submit(
    _ speech: ClusterSpeech, id: String, info: SpeechInfo, place: String?,
    deadline: ContinuousClock.Instant?
  ) async throws -> Place {
    let encoder = JSONEncoder()
    let request = speech.request
    var latest = ""
    if let deadline { latest = "\(try await redis.milliseconds(at: deadline))" }
    let answer = try await redis.begin(
      ClusterScripts.submit, id, (request.priority ?? .interactive).rawValue, speech.caller,
      max(1, request.text.count), try encoder.encode(speech), place ?? "", try encoder.encode(info),
      latest, capacity
    ).elements
    switch answer.first?.text {
    case "ok": return .own
    case "shared":
      guard answer.count == 3, let other = answer[1].text, let bytes = answer[2].bytes else {
        throw ClusterError.unreadable
      }
      return .shared(id: other, try JSONDecoder().decode(SpeechInfo.self, from: Data(bytes)))
    case "full": throw QueueError.full(capacity: capacity, retryAfter: 1)
    default: throw ClusterError.unreadable
    }
  }

  /// Takes the item whose turn it is.
  func take(_ priorities: [SpeechPriority]) async throws(RedisError) -> ClusterTurn? {
    let answer = try await redis.begin(
      ClusterScripts.take, arguments: [node] + priorities.map(\.rawValue)
    ).elements
    guard answer.count == 4, let id = answer[0].text, let entry = answer[1].text,
      let priority = answer[2].text.flatMap(SpeechPriority.init), let payload = answer[3].bytes
    else { return nil }
    return ClusterTurn(id: id, entry: entry, priority: priority, work: Self.work(payload))
  }

  private static func work(_ payload: [UInt8]) -> ClusterTurn.Work {
    if payload == Array("job".utf8) { return .job }
    return (try? JSONDecoder().decode(ClusterSpeech.self, from: Data(payload))).map { .speech($0) }
      ?? .unreadable
  }

  /// Waits until something may have come into the line, until ``stopWaiting()``, or for a second.
  ///
  /// - Returns: of which priority something has come. No other node was told: who cannot take it must
  ///   ``passOn(_:)`` the call.
  func wait(
    for priorities: [SpeechPriority], by waiter: RedisClient
  ) async throws(RedisError) -> SpeechPriority? {
    let lists = priorities.map(RedisKey.wake) + [RedisKey.wake(of: node)]
    let call = try await waiter.send(RedisCommand("BLPOP", lists + [1]), patience: .seconds(1))
    return priorities.first { RedisKey.wake($0) == call.elements.first?.text }
  }

  /// Calls another node, which may be free for what this one is not.
  func passOn(_ priority: SpeechPriority) async throws(RedisError) {
    try await redis.send(RedisCommand("RPUSH", RedisKey.wake(priority), 1))
  }

  /// Ends this node's waiting.
  func stopWaiting() async throws(RedisError) {
    let list = RedisKey.wake(of: node)
    try await redis.pipeline([
      RedisCommand("RPUSH", list, 1), RedisCommand("LTRIM", list, -1, -1), RedisCommand("EXPIRE", list, 60),
    ])
  }

  /// Says that the node is still at work on an item.
  ///
  /// - Returns: whether it still should be.
  func touch(_ turn: ClusterTurn) async throws(RedisError) -> Bool {
    try await redis.run(ClusterScripts.touch, node, turn.id, turn.entry).integer == 1
  }

  /// Says something of an item to those who listen.
  ///
  /// - Returns: whether anybody still wants to hear it from this node.
  func publish(_ kind: String, _ value: [UInt8], of turn: ClusterTurn) async throws(RedisError) -> Bool {
    try await redis.run(ClusterScripts.publish, turn.id, turn.entry, kind, value).integer == 1
  }

  /// Says the last of an item, which is done with.
  func finish(_ kind: String, _ value: [UInt8], of turn: ClusterTurn) async throws(RedisError) -> Bool {
    try await redis.run(ClusterScripts.finish, turn.id, turn.entry, kind, value).integer == 1
  }

  /// Lets another node have the turn.
  func giveBack(_ turn: ClusterTurn) async throws(RedisError) {
    try await redis.run(ClusterScripts.giveBack, turn.id, turn.entry)
  }

  /// A listener has gone; the last one's going ends the work.
  ///
  /// - Returns: whether the item still waited, and now does not.
  func withdraw(_ id: String) async throws(RedisError) -> Bool {
    try await redis.run(ClusterScripts.withdraw, id).integer == 1
  }

  /// Ends an item's waiting, whose deadline has passed.
  ///
  /// - Returns: whether it still waited.
  func expire(_ id: String) async throws(RedisError) -> Bool {
    try await redis.run(ClusterScripts.expire, id).integer == 1
  }

  /// Puts what dead nodes had back into the line.
  ///
  /// - Parameters:
  ///   - lease: how long a node may say nothing of what it has.
  ///   - mostTries: how often an item is begun before it is put aside.
  ///   - cursor: where the last look ended.
  func reclaim(
    lease: Duration, mostTries: Int, cursor: String
  ) async throws(RedisError) -> (cursor: String, again: [String], dead: [String]) {
    // While Redis hangs nobody can say that they live, nor does everybody know that it hangs.
    let answer = try await redis.begin(
      ClusterScripts.reclaim, within: max(lease / 4, .milliseconds(200)),
      arguments: [node, Int(lease / .milliseconds(1)), mostTries, cursor]
    ).elements
    guard answer.count == 3 else { return ("0-0", [], []) }
    return (
      answer[0].text ?? "0-0", answer[1].elements.compactMap(\.text), answer[2].elements.compactMap(\.text)
    )
  }

  /// Forgets what of a caller was put aside.
  func forgetDead(of caller: String) async throws(RedisError) {
    for entry in try await redis.send(RedisCommand("XRANGE", RedisKey.dead, "-", "+")).elements {
      guard let id = entry.elements.first?.text, let payload = entry.elements.last?.fields["payload"]?.bytes,
        case .speech(let speech) = Self.work(payload), speech.caller == caller
      else { continue }
      try await redis.send(RedisCommand("XDEL", RedisKey.dead, id))
    }
  }

  /// Forgets nodes that have been silent for long, and have nothing that would have to be taken back.
  func forgetSilentNodes() async throws(RedisError) {
    let nodes = try await redis.send(RedisCommand("XINFO", "CONSUMERS", RedisKey.work, RedisKey.speakers))
      .elements
    for fields in nodes.map(\.fields) {
      guard let name = fields["name"]?.text, fields["pending"]?.integer == 0,
        fields["idle"]?.integer ?? 0 > 3_600_000
      else { continue }
      try await redis.send(RedisCommand("XGROUP", "DELCONSUMER", RedisKey.work, RedisKey.speakers, name))
    }
  }

  /// How busy all nodes are together.
  package func status() async throws(RedisError) -> QueueStatus {
    let counts = try await redis.run(ClusterScripts.status).elements.compactMap(\.integer)
    guard counts.count == 4 else { return QueueStatus(waiting: [:], running: 0) }
    let waiting = zip(SpeechPriority.allCases, counts).filter { $0.1 > 0 }
    return QueueStatus(waiting: Dictionary(uniqueKeysWithValues: waiting), running: counts[3])
  }

  /// How many go before an item, and how much work they are, in characters; `nil` when it does not wait.
  func ahead(of id: String) async throws(RedisError) -> (count: Int, characters: Int)? {
    let answer = try await redis.run(ClusterScripts.place, id).elements.compactMap(\.integer)
    return answer.count == 2 ? (answer[0], answer[1]) : nil
  }
}
