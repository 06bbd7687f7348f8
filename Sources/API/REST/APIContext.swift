import Crypto
import Foundation
import Hummingbird
import NIOCore

/// What is known of a request beside itself: its connection, its logger, its path's parameters.
struct APIContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  let channel: any Channel

  init(source: ApplicationRequestContextSource) {
    coreContext = .init(source: source)
    channel = source.channel
  }

  /// Whose request it is, for taking turns: of one key, or of one address.
  func caller(of request: Request) -> String {
    if let key = request.headers[.authorization] {
      return SHA256.hash(data: Data(key.utf8)).prefix(8).map { String(format: "%02x", $0) }.joined()
    }
    return channel.remoteAddress?.ipAddress ?? "local"
  }
}
