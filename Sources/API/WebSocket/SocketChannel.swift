import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import NIOWebSocket
import Service

/// A server's connection: HTTP, unless its first request asks for a WebSocket.
struct SocketChannel: HTTPChannelHandler {
  typealias Frames = NIOAsyncChannel<WebSocketFrame, WebSocketFrame>

  /// What a connection has become.
  enum Negotiated: Sendable {
    case http(NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>)
    case socket(Frames, Opening)
  }

  struct Value: ServerChildChannelValue {
    let channel: any Channel
    let negotiated: EventLoopFuture<Negotiated>
  }

  /// The largest frame, and the largest message of several.
  static let mostBytes = 64 << 10

  let responder: HTTPChannelHandler.Responder
  /// How long a connection may bring nothing.
  let idleTimeout: Duration
  let gate: AccessGate
  let serve: @Sendable (_ frames: Frames, _ opening: Opening, _ logger: Logger) async -> Void

  /// What a WebSocket began with.
  struct Opening: Sendable {
    let query: String
    let credentials: Doorkeeper.Credentials
  }

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    channel.eventLoop.makeCompletedFuture {
      let pipeline = channel.pipeline.syncOperations
      let encoder = HTTPResponseEncoder()
      let decoder = ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes))
      let access = gate
      let gate = SocketUpgradeGate { head in await access.admits(head, on: channel) }
      let upgrade = NIOTypedHTTPServerUpgradeHandler(
        httpEncoder: encoder, extraHTTPHandlers: [decoder, gate],
        upgradeConfiguration: .init(upgraders: [upgrader]) { plain($0, logger) })
      try pipeline.addHandlers([encoder, decoder, gate, upgrade])
      let negotiated = upgrade.upgradeResultFuture
      // Who connects and asks for nothing is not waited for.
      let deadline = channel.eventLoop.scheduleTask(in: .init(idleTimeout)) { channel.close(promise: nil) }
      negotiated.whenComplete { _ in deadline.cancel() }
      return Value(channel: channel, negotiated: negotiated)
    }
  }

  private var upgrader: NIOTypedWebSocketServerUpgrader<Negotiated> {
    // Errors of the protocol are answered by the socket itself, with a reason.
    NIOTypedWebSocketServerUpgrader(maxFrameSize: Self.mostBytes, enableAutomaticErrorHandling: false) {
      channel, _ in
      channel.eventLoop.makeSucceededFuture([:])
    } upgradePipelineHandler: { channel, head in
      channel.eventLoop.makeCompletedFuture {
        let frames = try Frames(wrappingChannelSynchronously: channel)
        let query = head.uri.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
        return .socket(
          frames, Opening(query: String(query), credentials: gate.credentials(of: head, on: channel)))
      }
    }
  }

  private func plain(_ channel: any Channel, _ logger: Logger) -> EventLoopFuture<Negotiated> {
    channel.eventLoop.makeCompletedFuture {
      let pipeline = channel.pipeline.syncOperations
      try pipeline.addHandler(RequestDeadline())
      try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: false))
      try pipeline.addHandler(ConnectionWatch())
      try pipeline.addHandler(HTTPConnectionStateHandler(idleTimeout: idleTimeout, logger: logger))
      return .http(
        try NIOAsyncChannel(
          wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true)))
    }
  }

  func handle(value: Value, logger: Logger) async {
    switch try? await value.negotiated.get() {
    case .http(let channel): await handleHTTP(asyncChannel: channel, logger: logger)
    case .socket(let frames, let opening): await serve(frames, opening, logger)
    case nil: value.channel.close(promise: nil)
    }
  }
}

extension TimeAmount {
  fileprivate init(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    self = .nanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
  }
}
