import Logging

/// Adds up who uses how much, and writes it down now and then: a write for every request would cost more than the
/// request. What a crash can lose is the last seconds of it.
package actor UsageLedger {
  private struct Key: Hashable {
    let caller: String
    let model: String
  }

  private struct Sum {
    var requests = 0
    var characters = 0
    var audioSeconds = 0.0
  }

  private let store: UsageStore
  private let logger: Logger
  private var sums: [Key: Sum] = [:]

  init(store: UsageStore, logger: Logger) {
    (self.store, self.logger) = (store, logger)
  }

  /// Takes down a request.
  func add(caller: String, model: String, characters: Int, audioSeconds: Double) {
    sums[Key(caller: caller, model: model), default: Sum()].requests += 1
    sums[Key(caller: caller, model: model)]?.characters += characters
    sums[Key(caller: caller, model: model)]?.audioSeconds += audioSeconds
  }

  /// All of it, the latest day first.
  package func entries() async throws -> [UsageStore.Entry] {
    await write()
    return try await store.entries()
  }

  /// Forgets whose use it was; how much it was stays.
  ///
  /// - Returns: how many days' entries there were.
  func erase(caller: String) async throws -> Int {
    await write()
    return try await store.erase(caller: caller)
  }

  /// Writes down what there is, again and again, until it is cancelled; and once more then.
  package func run() async {
    while !Task.isCancelled {
      try? await Task.sleep(for: .seconds(10))
      await write()
    }
  }

  private func write() async {
    let pending = sums
    sums = [:]
    for (key, sum) in pending {
      do {
        // Also when the node stops, which cancels this task.
        try await Task { [store] in
          try await store.add(
            caller: key.caller, model: key.model, requests: sum.requests, characters: sum.characters,
            audioSeconds: sum.audioSeconds)
        }.value
      } catch {
        logger.error("usage could not be written down", metadata: ["cause": "\(type(of: error))"])
      }
    }
  }
}
