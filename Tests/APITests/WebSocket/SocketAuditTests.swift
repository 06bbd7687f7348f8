import Foundation
import NIOCore
import NIOPosix
import NIOWebSocket
import Service
import Testing

@testable import API

/// What is said over a socket that has no network.
private struct Conversation {
  struct Event: Decodable {
    let type: String
    let error: ErrorAnswer.Details?
  }

  static let start = #"{"type": "start", "model": "espeak"}"#
  static let utterance = [start, #"{"type": "text", "text": "Hi."}"#, #"{"type": "end"}"#]

  private let session: SocketSession
  private let channel: any Channel
  private let sent: NIOAsyncChannelOutboundWriter<WebSocketFrame>.TestSink

  init(with server: TestServer, key: String? = nil) async throws {
    channel = try await DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .bind(host: "127.0.0.1", port: 0).get()
    let (outbound, sent) = NIOAsyncChannelOutboundWriter<WebSocketFrame>.makeTestingWriter()
    self.sent = sent
    session = SocketSession(
      node: server.node, connection: SocketConnection(channel: channel, outbound: outbound),
      credentials: Doorkeeper.Credentials(secret: key, address: "192.0.2.7"))
    try await session.begin(query: "")
  }

  /// Says something, and gives what is answered until all of it has been spoken.
  func events(after messages: [String]) async throws -> [Event] {
    for message in messages { try await session.take(message) }
    await session.finish()
    // Its answer is the last.
    try await session.take(#"{"type": "ping"}"#)
    var events: [Event] = []
    for await frame in sent where frame.opcode == .text {
      let event = try JSONDecoder().decode(Event.self, from: Data(frame.data.readableBytesView))
      if event.type == "pong" { break }
      events.append(event)
    }
    return events
  }

  func end() async throws { try await channel.close() }
}

@Suite("A socket's utterance in the audit log")
struct SocketAuditTests {
  /// Has a server's socket say something, and gives what it answered and wrote down.
  private func heard(
    of server: TestServer, key: String? = nil, _ messages: [String] = Conversation.utterance
  ) async throws -> (events: [Conversation.Event], entries: [AuditEntry]) {
    let conversation = try await Conversation(with: server, key: key)
    let events = try await conversation.events(after: messages)
    let entries = try await server.audited("socket utterance")
    try await conversation.end()
    return (events, entries)
  }

  @Test("is there once it is done, with who asked and how it ended")
  func done() async throws {
    let (events, entries) = try await heard(of: TestServer())
    #expect(events.map(\.type).last == "done")
    #expect(events.allSatisfy { $0.error == nil })
    #expect(entries.map(\.core.outcome) == ["ok"])
    #expect(entries.first?.core.characters == 3)
    #expect((entries.first?.core.audioMilliseconds ?? 0) > 0)
    #expect(entries.first?.personal?.address == "192.0.2.7")
  }

  @Test("says which error it was answered with")
  func failedPiece() async throws {
    let server = try TestServer()
    await server.node.queue.close()
    let (events, entries) = try await heard(of: server)
    #expect(events.map(\.type) == ["error", "done"])
    #expect(events.first?.error?.code == "closing")
    #expect(entries.map(\.core.outcome) == ["closing"])
  }

  @Test("says when the disk was full, which is in the log of the server too")
  func fullDisk() async throws {
    let server = try TestServer()
    try FileManager.default.removeItem(at: server.node.folders.temporary)
    let (events, entries) = try await heard(of: server)
    #expect(events.map(\.type) == ["error", "done"])
    #expect(entries.map(\.core.outcome) == ["output_not_writable"])
    #expect(server.log.lines.contains { $0.metadata["code"] == "output_not_writable" })
  }

  @Test("says when the shared Redis was away, and its client is told")
  func sharedStore() async throws {
    let server = try TestServer {
      $0.queue.type = .redis
      // Nothing listens there.
      $0.cache.redisURL = "redis://127.0.0.1:1"
    }
    let (events, entries) = try await heard(of: server)
    #expect(events.map(\.type) == ["error", "done"])
    #expect(events.first?.error?.code == "shared_store_unavailable")
    #expect(entries.map(\.core.outcome) == ["shared_store_unavailable"])
  }

  @Test("is a refusal when its key was revoked while the socket was open")
  func revoked() async throws {
    let server = try TestServer { $0.security.apiKeyEnabled = true }
    let made = try await server.node.keys.create(named: "kiosk", scopes: [.speak])
    _ = try await server.node.keys.revoke(made.key.id)
    let (events, entries) = try await heard(of: server, key: made.text, [Conversation.start])
    #expect(events.map { $0.error?.code } == ["unauthorized"])
    #expect(entries.map(\.core.outcome) == ["unauthorized"])
    #expect(entries.map(\.core.status) == [401])
    #expect(entries.first?.personal?.subject == "unknown")
    #expect(entries.first?.personal?.address == "192.0.2.7")
  }

  @Test("is a refusal when its key may not speak, and says whose it is")
  func forbidden() async throws {
    let server = try TestServer { $0.security.apiKeyEnabled = true }
    let made = try await server.node.keys.create(named: "kiosk", scopes: [.read])
    let (events, entries) = try await heard(of: server, key: made.text, [Conversation.start])
    #expect(events.map { $0.error?.code } == ["forbidden"])
    #expect(entries.map(\.core.status) == [403])
    #expect(entries.first?.personal?.subject == made.key.id)
  }

  @Test("is a refusal when it comes too soon")
  func tooSoon() async throws {
    let server = try TestServer { $0.security.apiKeyEnabled = true }
    let made = try await server.node.keys.create(
      named: "kiosk", scopes: [.speak], limit: RateLimit(requestsPerMinute: 1, burst: 1))
    let messages = Conversation.utterance + [Conversation.start]
    let (events, entries) = try await heard(of: server, key: made.text, messages)
    #expect(events.contains { $0.error?.code == "rate_limited" })
    #expect(entries.compactMap(\.core.status) == [429])
    #expect(Set(entries.map(\.core.outcome)) == ["ok", "rate_limited"])
  }
}
