import Chatterbox
import Foundation
import Redis

/// The presets that all nodes share, in their Redis. Every node keeps a copy in its database.
struct SharedPresets: Sendable {
  let redis: RedisClient

  /// What changes when any of them does.
  func version() async throws(RedisError) -> Int {
    try await redis.send(RedisCommand("GET", RedisKey.presetsVersion)).integer ?? 0
  }

  func presets() async throws(RedisError) -> [Preset] {
    try await redis.send(RedisCommand("HVALS", RedisKey.presets)).elements.compactMap { reply in
      reply.bytes.flatMap { try? JSONDecoder().decode(Preset.self, from: Data($0)) }
    }
  }

  private static let seed = RedisScript(
    """
    if redis.call('EXISTS', KEYS[2]) == 1 then return 0 end
    redis.call('HSET', KEYS[1], unpack(ARGV))
    redis.call('SET', KEYS[2], 1)
    return 1
    """)

  /// Gives a Redis that knows of none these, all at once; one that does keeps its own.
  func seed(_ presets: [Preset]) async throws {
    guard !presets.isEmpty, try await version() == 0 else { return }
    let fields: [any RedisArgument] = try presets.flatMap { preset -> [any RedisArgument] in
      [preset.name, try JSONEncoder().encode(preset)]
    }
    try await redis.run(Self.seed, keys: [RedisKey.presets, RedisKey.presetsVersion], arguments: fields)
  }

  /// - Returns: whether there was none of its name.
  func add(_ preset: Preset) async throws -> Bool {
    let isNew =
      try await redis.send(
        RedisCommand("HSETNX", RedisKey.presets, preset.name, try JSONEncoder().encode(preset))
      ).integer == 1
    try await redis.send(RedisCommand("INCR", RedisKey.presetsVersion))
    return isNew
  }

  func save(_ preset: Preset) async throws {
    try await redis.pipeline([
      RedisCommand("HSET", RedisKey.presets, preset.name, try JSONEncoder().encode(preset)),
      RedisCommand("INCR", RedisKey.presetsVersion),
    ])
  }

  /// - Returns: whether there was one.
  func remove(_ name: String) async throws(RedisError) -> Bool {
    let replies = try await redis.pipeline([
      RedisCommand("HDEL", RedisKey.presets, name), RedisCommand("INCR", RedisKey.presetsVersion),
    ])
    return replies[0].integer == 1
  }
}

extension PresetShelf {
  /// Those of all nodes; where there are none yet, they have this node's from now on.
  var seeded: SharedPresets? {
    get async throws {
      try await shared?.seed(store.presets())
      return shared
    }
  }

  /// Takes over what the nodes share.
  func refresh() async throws {
    guard let shared = try await seeded else { return }
    try await store.replaceAll(with: shared.presets())
    try publish()
  }
}

extension SpeechNode {
  /// Takes over presets that other nodes have made, again and again, until it is cancelled.
  package func watchPresets() async {
    guard let shared = presets.shared else { return }
    var known = -1
    while !Task.isCancelled {
      if let version = try? await shared.version(), version != known, (try? await presets.refresh()) != nil {
        known = version
      }
      try? await Task.sleep(for: .seconds(1))
    }
  }
}
