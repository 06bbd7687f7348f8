import Hummingbird
import NIOCore
import Service

extension RecordingReader {
  /// A body that is sent while it is made. A client that goes, or takes nothing any more, ends the work.
  ///
  /// - Parameters:
  ///   - encode: a piece as it is sent.
  ///   - ending: what is sent at the end; `nil` lets a failure end the body before its end, which every client
  ///     can tell.
  func streamedBody(
    _ context: APIContext, encode: @escaping @Sendable (RecordedAudio) throws -> ByteBuffer,
    ending: (@Sendable (Result<RecordingSummary, any Error>) throws -> ByteBuffer)? = nil
  ) -> ResponseBody {
    ResponseBody { writer in
      var index = 0
      do {
        while let piece = try await self.piece(index, context) {
          let buffer = try encode(piece)
          try await context.withinPatience { try await writer.write(buffer) }
          index += 1
        }
        if let ending { try await writer.write(ending(.success(try await self.summary()))) }
      } catch let error where ending != nil && !(error is CancellationError) {
        if let ending { try await writer.write(ending(.failure(error))) }
      }
      try await writer.finish(nil)
    }
  }

  private func piece(_ index: Int, _ context: APIContext) async throws -> RecordedAudio? {
    try await context.whileConnected { try await self.piece(index) }
  }
}

extension APIContext {
  /// How long a client may take nothing of what it is sent.
  private static let patience = TimeAmount.seconds(30)

  /// Does a write; closes the connection when the client keeps it waiting for too long.
  func withinPatience(_ write: () async throws -> Void) async throws {
    let channel = channel
    let deadline = channel.eventLoop.scheduleTask(in: Self.patience) { channel.close(promise: nil) }
    defer { deadline.cancel() }
    try await write()
  }
}
