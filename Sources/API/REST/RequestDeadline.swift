import NIOCore
import NIOHTTP1

/// Closes a connection whose request does not come to its end in time, whether or not anybody reads it.
final class RequestDeadline: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart

  /// How long a request may take beside its body: a little more than ``RequestBodyReader``, which gives an answer.
  private static let patience = TimeAmount.seconds(30)
  /// The longest that any request may be.
  private static let mostBytes = UploadedForm.mostBytes

  private var deadline: Scheduled<Void>?

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      let length = head.headers.first(name: "content-length").flatMap(Int.init) ?? Self.mostBytes
      let seconds = Int64(min(max(0, length), Self.mostBytes) / RequestBodyReader.leastPace)
      let channel = context.channel
      deadline?.cancel()
      deadline = context.eventLoop.scheduleTask(in: Self.patience + .seconds(seconds)) {
        channel.close(promise: nil)
      }
    case .body: break
    case .end:
      deadline?.cancel()
      deadline = nil
    }
    context.fireChannelRead(data)
  }

  func handlerRemoved(context: ChannelHandlerContext) { deadline?.cancel() }

  func channelInactive(context: ChannelHandlerContext) {
    deadline?.cancel()
    context.fireChannelInactive()
  }
}
