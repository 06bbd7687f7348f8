/// How speech is wanted: as soon as it can be heard, or with the least work.
public enum SpeechDelivery: String, Codable, Hashable, Sendable {
  /// In pieces while a sentence is still being made: the first one small, later ones larger. For someone who
  /// listens. Every piece costs some work of its own, and differs slightly from what the whole would be.
  case early
  /// Sentence by sentence, each made as a whole. For files.
  case whole
}

/// Who goes first when several requests speak at once on one device.
public enum SpeechPriority: String, Codable, CaseIterable, Hashable, Sendable {
  /// Before everything: an alert.
  case emergency
  /// Someone waits for it.
  case interactive
  /// Whenever there is time: narration.
  case batch
}

extension SpeechPriority: Comparable {
  /// Whether the left one may go before the right one.
  public static func < (a: SpeechPriority, b: SpeechPriority) -> Bool { a.rank < b.rank }

  private var rank: Int {
    switch self {
    case .emergency: 0
    case .interactive: 1
    case .batch: 2
    }
  }
}
