import Chatterbox
import Foundation
import Logging
import NIOCore
import NIOWebSocket
import Service
import ServiceLifecycle
import Text

/// `GET /api/v1/tts/ws`: text in as it is written, audio out as it is made.
struct SpeechSocket: Sendable {
  /// How often a client is asked whether it is still there.
  private static let pingInterval = Duration.seconds(20)

  let node: SpeechNode

  /// Serves a connection until one of both sides ends it.
  func serve(_ frames: SocketChannel.Frames, _ opening: SocketChannel.Opening, _ logger: Logger) async {
    node.metrics.sockets.add(1)
    defer { node.metrics.sockets.add(-1) }
    let channel = frames.channel
    do {
      try await frames.executeThenClose { inbound, outbound in
        let connection = SocketConnection(channel: channel, outbound: outbound)
        let close = await converse(over: connection, inbound, opening)
        logger.info("socket closed", metadata: ["code": "\(close?.code ?? 1006)"])
        if let close { await connection.close(close) }
        outbound.finish()
      }
    } catch {
      logger.debug("socket broke off", metadata: ["cause": "\(type(of: error))"])
    }
  }

  /// - Returns: how the connection is to be closed; `nil` when the client has gone.
  private func converse(
    over connection: SocketConnection, _ inbound: NIOAsyncChannelInboundStream<WebSocketFrame>,
    _ opening: SocketChannel.Opening
  ) async -> SocketConnection.Close? {
    var credentials = opening.credentials
    credentials.name = "socket \(ObjectIdentifier(connection).hashValue)"
    let session = SocketSession(node: node, connection: connection, credentials: credentials)
    let close = await withTaskGroup(of: SocketConnection.Close?.self) { group in
      group.addTask {
        do {
          try await session.begin(query: opening.query)
          try await connection.read(inbound) { try await session.take($0) }
          return .normal
        } catch {
          return Self.close(after: error)
        }
      }
      group.addTask {
        while (try? await Task.sleep(for: Self.pingInterval)) != nil {
          guard (try? await connection.ping()) != nil else { return nil }
        }
        return nil
      }
      group.addTask {
        guard (try? await gracefulShutdown()) != nil else { return nil }
        await session.finish()
        return .stopping
      }
      let close = await group.next() ?? nil
      group.cancelAll()
      return close
    }
    await session.cancelAll()
    return close
  }

  private static func close(after error: any Error) -> SocketConnection.Close? {
    switch error {
    case let close as SocketConnection.Close: close
    case NIOWebSocketError.invalidFrameLength: .tooLarge
    case is NIOWebSocketError: .protocolError
    case _ where SocketConnection.isEnd(error): nil
    default: .broken
    }
  }
}
