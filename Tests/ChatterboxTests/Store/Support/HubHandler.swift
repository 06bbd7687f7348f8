import NIOCore
import NIOHTTP1
import Synchronization

/// One connection to a ``TestHub``.
final class HubHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let ports: Ports
  private let isContent: Bool
  private var head: HTTPRequestHead?

  init(ports: Ports, isContent: Bool) {
    self.ports = ports
    self.isContent = isContent
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): self.head = head
    case .body: break
    case .end:
      guard let head, let hub = ports.hub.withLock({ $0.hub }) else { return context.close(promise: nil) }
      send(hub.answer(head, isContent: isContent), to: head, context)
    }
  }

  private func send(_ answer: TestHub.Answer, to request: HTTPRequestHead, _ context: ChannelHandlerContext) {
    var headers = HTTPHeaders(answer.headers)
    if let length = answer.length { headers.replaceOrAdd(name: "content-length", value: "\(length)") }
    let head = HTTPResponseHead(
      version: .http1_1, status: .init(statusCode: Int(answer.status)), headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    if request.method != .HEAD, !answer.body.isEmpty {
      context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: answer.body)))), promise: nil)
    }
    switch answer.ending {
    case .whole: context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    case .stall: context.flush()
    case .cut:
      context.flush()
      context.close(promise: nil)
    }
  }
}
