import Service
import Synchronization

/// What becomes known of a request on its way: who asks, what for, and how it ended.
final class RequestNotes: Sendable {
  struct Content: Sendable {
    var caller: Caller?
    /// Where it came from, as far as the proxies in front are believed.
    var address: String?
    /// What is to be spoken.
    var text: String?
    var characters: Int?
    /// The code of the error that it was answered with.
    var errorCode: String?
    var requestID = ""
  }

  private let content = Mutex(Content())

  var now: Content { content.withLock(\.self) }

  func note(_ change: (inout Content) -> Void) { content.withLock { change(&$0) } }
}
