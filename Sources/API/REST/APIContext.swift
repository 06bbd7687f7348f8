import Crypto
import Foundation
import Hummingbird
import NIOCore
import Service

/// What is known of a request beside itself: its connection, its logger, its path's parameters.
struct APIContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  let channel: any Channel
  /// What becomes known of the request, for all who look at it.
  let notes = RequestNotes()

  init(source: ApplicationRequestContextSource) {
    coreContext = .init(source: source)
    channel = source.channel
  }

  /// Who asks, once they have been let in.
  var caller: Caller { notes.now.caller ?? .anybody(at: peer) }

  /// The address of whoever is connected.
  var peer: String? { channel.remoteAddress?.ipAddress }

  /// Takes down what is to be spoken.
  func note(text: String, characters: Int? = nil) {
    notes.note { ($0.text, $0.characters) = (text, characters ?? text.count) }
  }

  /// A short name for something that must not be written down.
  static func shortHash(_ text: String) -> String {
    SHA256.hash(data: Data(text.utf8)).prefix(8).map { String(format: "%02x", $0) }.joined()
  }
}
