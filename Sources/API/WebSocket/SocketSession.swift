import Chatterbox
import Foundation
import HTTPTypes
import Service
import Text

/// What a client has said over a socket so far, and what is being spoken for it.
actor SocketSession {
  /// An utterance that still takes text, or is still being spoken.
  private struct Open {
    let settings: SocketSettings
    var buffer: SentenceBuffer
    /// How many characters have arrived, and how many have left the buffer.
    var arrived = 0
    var left = 0
    let pieces: AsyncStream<SocketUtterance.Piece>.Continuation
  }

  /// The most utterances that wait to be spoken.
  private static let mostUtterances = 32

  private let node: SpeechNode
  private let connection: SocketConnection
  /// Looked at for every utterance: a key may be revoked, and an utterance is a request.
  private let credentials: Doorkeeper.Credentials
  private var count = 0
  private var open: Open?
  private var speaking: [Int: Task<Void, Never>] = [:]
  /// What an utterance that nobody described is like.
  private var standard: SocketSettings?

  init(node: SpeechNode, connection: SocketConnection, credentials: Doorkeeper.Credentials) {
    (self.node, self.connection, self.credentials) = (node, connection, credentials)
  }

  /// Reads the address's parameters, which are those of a first `start`.
  ///
  /// - Throws: ``SocketConnection/Close`` when they mean nothing.
  func begin(query: String) async throws {
    var fields: [String: Any] = [:]
    for item in URLComponents(string: "?" + query)?.queryItems ?? []
    where !item.name.isEmpty && item.name != AccessGate.parameter {
      let text = item.value ?? ""
      fields[item.name] = Double(text).map { $0 as Any } ?? text
    }
    do {
      let data = try JSONSerialization.data(withJSONObject: fields)
      let settings = try SocketSettings(JSONFields(json: data))
      try check(settings)
      standard = settings
    } catch {
      throw SocketConnection.Close.policy(String(APIError(presenting: error).message.prefix(100)))
    }
  }

  /// Does what a message says. A message that makes no sense is answered with an error, and changes nothing.
  func take(_ text: String) async throws {
    do {
      switch try SocketMessage(text) {
      case .start(let settings): try await start(settings)
      case .text(let text, let flush): try await add(text, flush: flush)
      case .flush:
        flush()
        try await connection.send(text: SocketEvent("flushed", utterance: count).json)
      case .end: end()
      case .cancel(let number): try await cancel(number)
      case .ping: try await connection.send(text: SocketEvent("pong").json)
      case .close: throw SocketConnection.Close.normal
      }
    } catch let refusal as AccessRefusal {
      try await connection.send(text: SocketEvent.failure(refusal, utterance: nil).json)
    } catch let error as APIError {
      try await connection.send(text: SocketEvent.failure(error, utterance: nil).json)
    } catch let error as ChatterboxError {
      try await connection.send(text: SocketEvent.failure(error, utterance: open == nil ? nil : count).json)
    }
  }

  private func start(_ settings: SocketSettings) async throws {
    end()
    try check(settings)
    let caller = try await admitted()
    guard speaking.count < Self.mostUtterances else {
      throw ChatterboxError(
        .invalidValue, "\(Self.mostUtterances) utterances wait already: wait for 'done'.", field: "type")
    }
    count += 1
    let (stream, pieces) = AsyncStream.makeStream(of: SocketUtterance.Piece.self)
    let language = settings.request.language.flatMap { Language(rawValue: $0.lowercased()) } ?? .english
    open = Open(settings: settings, buffer: SentenceBuffer(language: language), pieces: pieces)
    let utterance = SocketUtterance(
      number: count, settings: settings, node: node, caller: caller, connection: connection)
    let before = speaking[count - 1]
    speaking[count] = Task { [weak self] in
      await before?.value
      do {
        try await utterance.speak(stream)
      } catch is CancellationError {
        // This task writes nothing any more.
        await Task { try? await utterance.send(SocketEvent("cancelled", utterance: utterance.number)) }.value
      } catch {
        // The connection is broken; its reader ends the session.
      }
      await self?.ended(utterance.number)
    }
  }

  /// Who asks for an utterance, if they still may. Who may not is written down, as for a request.
  private func admitted() async throws(AccessRefusal) -> Caller {
    var caller: Caller?
    do throws(AccessRefusal) {
      let known = try await node.doorkeeper.caller(credentials)
      caller = known
      try await node.doorkeeper.check(known, for: .speak)
      return known
    } catch {
      let shown = APIError(error)
      var record = AuditRecord(utteranceOf: caller, at: credentials.address, outcome: shown.code)
      record.status = shown.status.code
      if let audit = node.audit { await audit.log.append(record) }
      throw error
    }
  }

  /// Refuses settings that no text could be spoken with.
  private func check(_ settings: SocketSettings) throws(ChatterboxError) {
    var probe = settings.request
    probe.text = "a"
    try node.check(SpeechOrder(probe))
  }

  private func add(_ text: String, flush isFlushed: Bool) async throws {
    if open == nil, let standard { try await start(standard) }
    let limit = node.configuration.server.maxTextLength
    guard let arrived = open?.arrived, arrived + text.count <= limit else {
      throw ChatterboxError(
        .textTooLong, "An utterance has at most \(limit) characters: end it and start another.", field: "text"
      )
    }
    open?.arrived += text.count
    if let piece = open?.buffer.append(text) { speak(piece) }
    if isFlushed { flush() }
  }

  private func flush() {
    if let piece = open?.buffer.flush() { speak(piece) }
  }

  private func speak(_ text: String) {
    guard let open else { return }
    let range = open.left..<open.left + text.count
    self.open?.left = range.upperBound
    open.pieces.yield(SocketUtterance.Piece(text: text, characters: range))
  }

  /// No more text comes for the utterance; what is there is spoken.
  private func end() {
    flush()
    open?.pieces.finish()
    open = nil
  }

  private func cancel(_ number: Int?) async throws {
    if number == nil || number == count {
      open?.pieces.finish()
      open = nil
    }
    let tasks = speaking.filter { number == nil || $0.key == number }.values
    if tasks.isEmpty { try await connection.send(text: SocketEvent("cancelled", utterance: number).json) }
    for task in tasks { task.cancel() }
  }

  private func ended(_ number: Int) { speaking[number] = nil }

  /// Speaks what has arrived to its end.
  func finish() async {
    end()
    for task in speaking.values { await task.value }
  }

  /// Ends everything: the client has gone.
  func cancelAll() {
    open?.pieces.finish()
    open = nil
    for task in speaking.values { task.cancel() }
  }
}
