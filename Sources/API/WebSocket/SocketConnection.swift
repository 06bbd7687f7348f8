import Foundation
import NIOCore
import NIOWebSocket

/// Messages over a WebSocket's frames: puts fragments together, answers pings, closes with a reason.
///
/// Source: RFC 6455.
final class SocketConnection: Sendable {
  /// Why a connection ends.
  struct Close: Error, Hashable {
    let code: UInt16
    let reason: String

    static let normal = Close(code: 1000, reason: "")
    static let stopping = Close(code: 1001, reason: "the server is stopping")
    static let idle = Close(code: 1001, reason: "nothing came for too long")
    static let protocolError = Close(code: 1002, reason: "not the WebSocket protocol")
    static let binary = Close(code: 1003, reason: "only text messages are taken")
    static let notUTF8 = Close(code: 1007, reason: "the text is not UTF-8")
    static let tooLarge = Close(code: 1009, reason: "a message has at most 64 KiB")
    static let slowReader = Close(code: 1008, reason: "nothing was taken for too long")
    static let broken = Close(code: 1011, reason: "something unexpected went wrong")

    static func policy(_ reason: String) -> Close { Close(code: 1008, reason: reason) }
  }

  /// How long a client may take nothing of what it is sent.
  private static let patience = TimeAmount.seconds(30)

  private let channel: any Channel
  private let outbound: NIOAsyncChannelOutboundWriter<WebSocketFrame>

  init(channel: any Channel, outbound: NIOAsyncChannelOutboundWriter<WebSocketFrame>) {
    (self.channel, self.outbound) = (channel, outbound)
  }

  /// Sends a text message. Waits while the client takes nothing.
  func send(text: Data) async throws { try await send(.text, ByteBuffer(bytes: text)) }

  /// Sends a binary message.
  func send(bytes: [UInt8]) async throws { try await send(.binary, ByteBuffer(bytes: bytes)) }

  /// Asks whether the client is still there.
  func ping() async throws { try await send(.ping, ByteBuffer()) }

  /// Says goodbye.
  func close(_ close: Close) async {
    var buffer = ByteBuffer()
    buffer.writeInteger(close.code)
    buffer.writeString(close.reason)
    try? await send(.connectionClose, buffer)
  }

  private func send(_ opcode: WebSocketOpcode, _ data: ByteBuffer) async throws {
    let channel = channel
    let deadline = channel.eventLoop.scheduleTask(in: Self.patience) { channel.close(promise: nil) }
    defer { deadline.cancel() }
    try await outbound.write(WebSocketFrame(fin: true, opcode: opcode, data: data))
  }

  /// Reads messages until the client closes.
  ///
  /// - Parameter take: called with each text message.
  /// - Throws: ``Close`` that says how the connection should end; `CancellationError`.
  func read(
    _ frames: NIOAsyncChannelInboundStream<WebSocketFrame>, _ take: (String) async throws -> Void
  ) async throws {
    var message: ByteBuffer?
    for try await frame in frames {
      // RFC 6455, sections 5.1 and 5.2: a client masks its frames, and no extension was agreed on.
      guard frame.maskKey != nil, !frame.rsv1, !frame.rsv2, !frame.rsv3 else { throw Close.protocolError }
      switch frame.opcode {
      case .ping: try await send(.pong, frame.unmaskedData)
      case .pong: continue
      case .connectionClose: throw Self.answer(to: frame)
      case .binary: throw Close.binary
      case .text, .continuation:
        guard (frame.opcode == .text) == (message == nil) else { throw Close.protocolError }
        var whole = message ?? ByteBuffer()
        var part = frame.unmaskedData
        whole.writeBuffer(&part)
        guard whole.readableBytes <= SocketChannel.mostBytes else { throw Close.tooLarge }
        message = frame.fin ? nil : whole
        guard frame.fin else { continue }
        guard let text = String(validating: whole.readableBytesView, as: UTF8.self) else {
          throw Close.notUTF8
        }
        try await take(text)
      default: throw Close.protocolError
      }
    }
    throw CancellationError()
  }

  /// Whether an error is the end of a connection, or of what was wanted of it: nobody is left to be told.
  static func isEnd(_ error: any Error) -> Bool {
    error is CancellationError || error is ChannelError || error is IOError || error is NIOAsyncWriterError
  }

  /// The client's own code comes back to it.
  private static func answer(to frame: WebSocketFrame) -> Close {
    var data = frame.unmaskedData
    return Close(code: data.readInteger(as: UInt16.self) ?? 1000, reason: "")
  }
}
