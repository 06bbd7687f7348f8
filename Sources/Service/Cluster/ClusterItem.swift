import Audio
import Chatterbox
import Foundation

/// What a node puts into the shared line: all that another one needs to speak it.
struct ClusterSpeech: Codable, Hashable, Sendable {
  /// The request, with the seed that was drawn for it: whoever speaks it, and however often it is begun, makes
  /// the same samples.
  let request: SpeechRequest
  let format: AudioFormat
  let delivery: SpeechDelivery
  let caller: String
  /// Where the answer is cached; `nil` when it is not.
  let key: String?
  /// When it was asked for, in seconds since 1970.
  let entered: Double
}

/// An item that this node has taken.
struct ClusterTurn: Hashable, Sendable {
  let id: String
  /// Proves that the item is still this node's: it is another one once the item has been taken again.
  let entry: String
  let priority: SpeechPriority
  let work: Work

  enum Work: Hashable, Sendable {
    case speech(ClusterSpeech)
    /// The job of the item's identifier.
    case job
    /// What this version cannot read.
    case unreadable
  }
}

/// What is said of an item while it is spoken.
enum ClusterEvent: Sendable {
  case piece(RecordedAudio)
  case done(RecordingSummary)
  case failed(any Error)
}

/// Something that ended an item's making, as it goes from node to node.
struct ClusterFailure: Codable, Hashable, Sendable {
  let code: String
  let message: String
  let field: String?

  /// What a script says, which knows no more than a code.
  init(code: String) {
    (self.code, message, field) = (code, "", nil)
  }

  init(_ error: any Error) {
    switch error {
    case let error as ChatterboxError:
      (code, message, field) = (error.code.rawValue, error.message, error.field)
    case QueueError.deadlinePassed: (code, message, field) = ("deadline_passed", "", nil)
    case QueueError.closed, is CancellationError: (code, message, field) = ("closed", "", nil)
    default: (code, message, field) = ("internal_error", "", nil)
    }
  }

  var error: any Error {
    if let code = ChatterboxError.Code(rawValue: code) { return ChatterboxError(code, message, field: field) }
    return switch code {
    case "deadline_passed": QueueError.deadlinePassed
    case "closed": QueueError.closed
    case "dead_letter": QueueError.givenUp
    default: ClusterError.workerFailed
    }
  }
}

/// What can go wrong between nodes.
package enum ClusterError: Error, Hashable, Sendable {
  /// The node that spoke met a surprise, which is in its log.
  case workerFailed
  /// Redis has lost what was being made.
  case lost
  /// What came from another node cannot be read.
  case unreadable
}
