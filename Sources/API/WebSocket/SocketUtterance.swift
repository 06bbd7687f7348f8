import Audio
import Chatterbox
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Service

/// One utterance of a socket: pieces of text come in, audio goes out in one stream of its format.
struct SocketUtterance: Sendable {
  /// A piece of text, and what it is of the utterance's text.
  struct Piece: Sendable {
    let text: String
    let characters: Range<Int>
  }

  let number: Int
  let settings: SocketSettings
  let node: SpeechNode
  let caller: Caller
  let connection: SocketConnection

  /// What has come of it so far.
  private struct Account {
    var text = ""
    var model: String?
    var seed: UInt64?
    var seconds = 0.0
    var hasStarted = false
    /// The code of what went wrong last.
    var outcome = "ok"
  }

  /// Speaks pieces as they come, one after the other, and writes down what came of it.
  ///
  /// - Throws: when the client has gone; `CancellationError`.
  func speak(_ pieces: AsyncStream<Piece>) async throws {
    let start = ContinuousClock.now
    var account = Account()
    (account.model, account.seed) = (settings.request.model, settings.request.seed)
    let last: SocketEvent
    do {
      try await speak(pieces, &account)
      last = done(account.seconds, since: start)
    } catch let error where !SocketConnection.isEnd(error) {
      last = failure(error, &account)
    } catch {
      account.outcome = "cancelled"
      await record(account, since: start)
      throw error
    }
    // What the client hears is in the log before it hears it, whatever happens to this process.
    await record(account, since: start)
    try await send(last)
  }

  private func speak(_ pieces: AsyncStream<Piece>, _ account: inout Account) async throws {
    var output = try SocketAudio(self)
    defer { account.seconds = output.seconds }
    for await piece in pieces {
      account.text += piece.text
      do {
        try await speak(piece, into: &output, &account)
      } catch let error where !SocketConnection.isEnd(error) {
        try await send(failure(error, &account))
      }
    }
    try Task.checkCancellation()
    try await output.finish()
  }

  private func speak(_ piece: Piece, into output: inout SocketAudio, _ account: inout Account) async throws {
    var order = SpeechOrder(settings.request, format: .pcm, caller: caller.account)
    order.request.text = piece.text
    order.request.seed = account.seed
    let answer = try await node.speak(order)
    // All pieces of an utterance sound alike.
    account.seed = answer.info.seed
    account.model = answer.info.model
    if !account.hasStarted { try await send(started(answer.info)) }
    account.hasStarted = true
    var mark = SocketEvent("mark", utterance: number)
    (mark.textStart, mark.textEnd) = (piece.characters.lowerBound, piece.characters.upperBound)
    mark.start = output.seconds
    for try await audio in answer.audio { try await output.send(audio.bytes) }
    mark.end = output.seconds
    try await send(mark)
  }

  /// Writes down what was spoken, for whom.
  private func record(_ account: Account, since start: ContinuousClock.Instant) async {
    guard let audit = node.audit else { return }
    var record = AuditRecord(utteranceOf: caller, at: caller.address, outcome: account.outcome)
    (record.characters, record.audioSeconds) = (account.text.count, account.seconds)
    (record.textHash, record.text) = (audit.hash(of: account.text), account.text)
    record.model = account.model
    record.milliseconds = start.duration(to: .now) / .milliseconds(1)
    await audit.log.append(record)
  }

  /// What the client is told of a failure. The log is told as well if it is the server's.
  private func failure(_ error: any Error, _ account: inout Account) -> SocketEvent {
    let shown = APIError(presenting: error)
    account.outcome = shown.code
    shown.log("utterance failed", by: error, in: node.logger)
    return .failure(error, utterance: number)
  }

  func send(_ event: SocketEvent) async throws { try await connection.send(text: event.json) }

  private func started(_ info: SpeechInfo) -> SocketEvent {
    var event = SocketEvent("started", utterance: number)
    (event.model, event.language, event.seed) = (info.model, info.language, info.seed)
    event.sampleRate = info.sampleRate
    event.format = settings.format.rawValue
    event.warnings = info.warnings
    return event
  }

  private func done(_ seconds: Double, since start: ContinuousClock.Instant) -> SocketEvent {
    var event = SocketEvent("done", utterance: number)
    event.duration = seconds
    event.end = start.duration(to: .now) / .seconds(1)
    return event
  }
}

extension AuditRecord {
  /// An utterance of a socket, of somebody who may not be known.
  init(utteranceOf caller: Caller?, at address: String?, outcome: String) {
    self.init(
      requestID: "", actor: AuditActor(caller?.kind ?? .address), subject: caller?.id ?? "unknown",
      address: address, action: "socket utterance", outcome: outcome)
  }
}

/// An utterance's audio on its way out, in one stream of its format.
struct SocketAudio {
  private let utterance: SocketUtterance
  /// `nil` when the samples leave as they come.
  private let encoder: (any AudioEncoder)?
  private var sampleCount = 0

  init(_ utterance: SocketUtterance) throws(ChatterboxError) {
    self.utterance = utterance
    do {
      encoder =
        utterance.settings.format == .pcm
        ? nil : try utterance.settings.format.makeEncoder(sampleRate: SpeechStream.sampleRate)
    } catch {
      throw ChatterboxError(.toolUnavailable, error.description, field: "format")
    }
  }

  /// How long all that was sent plays.
  var seconds: Double { Double(sampleCount) / Double(SpeechStream.sampleRate) }

  /// Sends samples: 16-bit integers, the least significant byte first.
  mutating func send(_ samples: [UInt8]) async throws {
    let start = seconds
    sampleCount += samples.count / 2
    let bytes = try encoder?.encode(AudioBuffer.samples(ofPCM16: samples)) ?? samples
    try await send(bytes, from: start)
  }

  /// Sends what the encoder held back.
  mutating func finish() async throws {
    guard let encoder else { return }
    try await send(encoder.finish(), from: seconds)
  }

  private func send(_ bytes: [UInt8], from start: Double) async throws {
    guard !bytes.isEmpty else { return }
    switch utterance.settings.output {
    case .binary: try await utterance.connection.send(bytes: bytes)
    case .json:
      var event = SocketEvent("audio", utterance: utterance.number)
      event.audio = Data(bytes).base64EncodedString()
      (event.start, event.end) = (start, seconds)
      try await utterance.send(event)
    }
  }
}
