import Chatterbox
import Foundation
import Logging
import Redis

/// Speaks what is in the shared line, as many at a time as the node has turns.
package actor ClusterWorker {
  private struct Running {
    let turn: ClusterTurn
    let task: Task<Void, Never>
  }

  private let node: SpeechNode
  private let cluster: Cluster
  private let waiter: RedisClient
  private var running: [String: Running] = [:]
  /// What it is waited for in Redis.
  private var awaited: [SpeechPriority]?
  /// What this node alone was told has come.
  private var calls: Set<SpeechPriority> = []
  private var isFilling = false
  private var shouldFillAgain = false

  package init(node: SpeechNode, cluster: Cluster) {
    self.node = node
    self.cluster = cluster
    waiter = cluster.queue.redis.another()
  }

  /// Works until it is cancelled. What is under way then is given back.
  package func run() async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.cluster.relay.run() }
      group.addTask { await self.waitForWork() }
      group.addTask { await self.keepTurns() }
      group.addTask { await self.reclaimTurns() }
      group.addTask {
        for await _ in self.cluster.calls { await self.fill() }
      }
      await group.waitForAll()
    }
    for running in running.values { running.task.cancel() }
    for running in running.values { await running.task.value }
  }

  private var allowed: [SpeechPriority] {
    let allowed = node.configuration.queue.turnRules.allowed(beside: running.values.map(\.turn.priority))
    switch node.lifecycle.phase {
    case .starting: return []
    case .running: return allowed
    // Those who wait here still get their turn, as long as somebody does.
    case .stopping: return allowed.filter { $0 != .batch }
    }
  }

  /// Whether the node stops, and nobody waits here for anything more.
  private var isLeaving: Bool {
    get async {
      guard node.lifecycle.phase == .stopping else { return false }
      return await cluster.relay.isIdle
    }
  }

  private func waitForWork() async {
    while !Task.isCancelled {
      let able = await able
      do {
        if able.isEmpty {
          // The end of a turn looks for the next one by itself.
          try await Task.sleep(for: .milliseconds(200))
        } else {
          awaited = able
          defer { awaited = nil }
          if let call = try await cluster.queue.wait(for: able, by: waiter) { calls.insert(call) }
          await fill()
        }
      } catch {
        try? await Task.sleep(for: .milliseconds(200))
      }
    }
  }

  /// Takes turns while there are some to take.
  private func fill() async {
    shouldFillAgain = true
    guard !isFilling else { return }
    isFilling = true
    defer { isFilling = false }
    while shouldFillAgain {
      shouldFillAgain = false
      while !(await able).isEmpty, let turn = try? await cluster.queue.take(await able) { begin(turn) }
      let able = await able
      let useless = calls.subtracting(able)
      calls = []
      for call in useless { try? await cluster.queue.passOn(call) }
    }
  }

  /// What this node takes now.
  private var able: [SpeechPriority] {
    get async {
      if Task.isCancelled { return [] }
      return await isLeaving ? [] : allowed
    }
  }

  private func begin(_ turn: ClusterTurn) {
    let task = node.lifecycle.begin {
      Task {
        await ClusterWork(turn, node, cluster).run()
        await self.ended(turn)
      }
    }
    running[turn.entry] = Running(turn: turn, task: task)
  }

  private func ended(_ turn: ClusterTurn) async {
    running[turn.entry] = nil
    await fill()
    // It may be waiting for less than it could take now.
    if let awaited, awaited != allowed { try? await cluster.queue.stopWaiting() }
  }

  /// Says again and again that the node is alive; ends what is no longer its own, or nobody's wish.
  private func keepTurns() async {
    while (try? await Task.sleep(for: min(cluster.lease / 5, .seconds(1)))) != nil {
      for running in running.values {
        // While Redis is away nobody else can take it either.
        if let isWanted = try? await cluster.queue.touch(running.turn), !isWanted { running.task.cancel() }
      }
    }
  }

  /// Looks for turns of nodes that have died.
  private func reclaimTurns() async {
    var cursor = "0-0"
    while (try? await Task.sleep(for: cluster.lease / 4 * Double.random(in: 0.7...1.3))) != nil {
      // Nobody could say that they are alive while Redis was away.
      guard let answersFor = cluster.queue.redis.answersFor, answersFor > cluster.lease else { continue }
      do {
        let found = try await cluster.queue.reclaim(
          lease: cluster.lease, mostTries: cluster.mostTries, cursor: cursor)
        cursor = found.cursor
        if !found.again.isEmpty {
          node.metrics.redelivered.add(Double(found.again.count))
          node.logger.warning(
            "turns of a silent node were taken back", metadata: ["count": "\(found.again.count)"])
        }
        for id in found.dead {
          node.metrics.deadLetters.add(1)
          node.logger.error("an item was put aside after too many tries", metadata: ["item": "\(id)"])
        }
        try await node.jobs.giveUp(found.dead)
        try await node.jobs.lookAfterTheForgotten()
        if Int.random(in: 0..<100) == 0 { try await cluster.queue.forgetSilentNodes() }
      } catch {
        node.logger.debug("nothing was reclaimed", metadata: ["cause": "\(type(of: error))"])
      }
    }
  }
}
