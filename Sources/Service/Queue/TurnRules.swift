import Chatterbox

extension ServiceConfiguration.Queue {
  var turnRules: TurnRules { TurnRules(concurrent: concurrent) }
}

/// Who may have one more of a node's turns.
struct TurnRules: Sendable {
  /// How many have their turn at a time.
  let concurrent: Int

  /// Whether one more of a priority may run: work that nobody waits for leaves half of the turns to others,
  /// and emergencies have turns of their own.
  func allow(_ priority: SpeechPriority, beside running: [SpeechPriority]) -> Bool {
    let shared = running.count { $0 != .emergency }
    return switch priority {
    case .emergency: running.count < 2 * concurrent
    case .interactive: shared < concurrent
    case .batch: shared < concurrent && running.count { $0 == .batch } < mostBatch
    }
  }

  /// How much of what nobody waits for is done at a time.
  var mostBatch: Int { max(1, concurrent / 2) }

  /// The priorities that may have one more, the most urgent first.
  func allowed(beside running: [SpeechPriority]) -> [SpeechPriority] {
    SpeechPriority.allCases.sorted().filter { allow($0, beside: running) }
  }
}
