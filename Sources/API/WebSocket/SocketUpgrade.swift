import Foundation
import NIOCore
import NIOHTTP1

/// Lets only whole WebSocket handshakes at the right path ask for an upgrade.
///
/// Everything else goes on as plain HTTP: an upgrade that nobody accepts would otherwise be lost, such as the one
/// to HTTP/2 that curl offers.
final class SocketUpgradeGate: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard case .head(var head) = unwrapInboundIn(data), !SocketHandshake(head).isWhole else {
      return context.fireChannelRead(data)
    }
    head.headers.remove(name: "upgrade")
    context.fireChannelRead(wrapInboundOut(.head(head)))
  }
}

/// What a request must have to become a WebSocket.
///
/// Source: RFC 6455, section 4.2.1.
struct SocketHandshake {
  static let path = "/api/v1/tts/ws"

  let isWhole: Bool

  /// Whether no page of another site asks for it: a browser lets any page open a socket to any server.
  ///
  /// Source: RFC 6455, section 10.2.
  static func isFromHere(_ head: HTTPRequestHead) -> Bool {
    guard let origin = head.headers.first(name: "origin") else { return true }
    guard let parts = URLComponents(string: origin), let host = parts.host else { return false }
    let asked = head.headers.first(name: "host").flatMap { URLComponents(string: "//\($0)") }
    return asked?.host?.lowercased() == host.lowercased()
  }

  init(_ head: HTTPRequestHead) {
    let path = head.uri.prefix { $0 != "?" }
    let upgrades = head.headers[canonicalForm: "upgrade"].map { $0.lowercased() }
    let keys = head.headers["sec-websocket-key"]
    isWhole =
      head.method == .GET && path == Self.path && upgrades == ["websocket"]
      && head.headers[canonicalForm: "connection"].contains { $0.lowercased() == "upgrade" }
      && head.headers["sec-websocket-version"] == ["13"]
      && keys.count == 1 && Data(base64Encoded: keys[0])?.count == 16
  }
}
