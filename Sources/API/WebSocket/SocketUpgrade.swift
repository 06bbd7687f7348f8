import Foundation
import NIOCore
import NIOHTTP1

/// Lets only whole WebSocket handshakes at the right path, from those who are let in, ask for an upgrade.
///
/// Everything else goes on as plain HTTP, where the answer says what is wrong: an upgrade that nobody accepts would
/// otherwise be lost, such as the one to HTTP/2 that curl offers.
final class SocketUpgradeGate: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let admits: @Sendable (HTTPRequestHead) async -> Bool
  /// What came while it was found out whether the client is let in.
  private var heldBack: [NIOAny]?
  private var hasBegun = false

  init(admits: @escaping @Sendable (HTTPRequestHead) async -> Bool) { self.admits = admits }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if heldBack != nil {
      heldBack?.append(data)
      return
    }
    guard case .head(var head) = unwrapInboundIn(data) else { return context.fireChannelRead(data) }
    if hasBegun || !SocketHandshake(head).isWhole {
      head.headers.remove(name: "upgrade")
      forward(head, context)
    } else {
      ask(for: head, context)
    }
  }

  private func forward(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    hasBegun = true
    context.fireChannelRead(wrapInboundOut(.head(head)))
  }

  private func ask(for head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    heldBack = []
    let admits = admits
    context.eventLoop.makeFutureWithTask { await admits(head) }.assumeIsolated().whenSuccess { isAdmitted in
      var head = head
      if !isAdmitted { head.headers.remove(name: "upgrade") }
      let rest = self.heldBack ?? []
      self.heldBack = nil
      self.forward(head, context)
      for part in rest { context.fireChannelRead(part) }
      context.fireChannelReadComplete()
    }
  }

  /// What is no HTTP is answered here while nobody else is there who would.
  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard !hasBegun, error is HTTPParserError else { return context.fireErrorCaught(error) }
    hasBegun = true
    let head = HTTPResponseHead(
      version: .http1_1, status: .badRequest, headers: ["Content-Length": "0", "Connection": "close"])
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    context.close(mode: .all, promise: nil)
  }
}

/// What a request must have to become a WebSocket.
///
/// Source: RFC 6455, section 4.2.1.
struct SocketHandshake {
  static let path = "/api/v1/tts/ws"

  let isWhole: Bool

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
