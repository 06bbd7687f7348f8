import Audio
import Chatterbox
import Foundation
import HTTPTypes
import Hummingbird
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

  /// Speaks pieces as they come, one after the other.
  ///
  /// - Throws: when the client has gone; `CancellationError`.
  func speak(_ pieces: AsyncStream<Piece>) async throws {
    let start = ContinuousClock.now
    var output = try SocketAudio(self)
    var hasStarted = false
    var seed = settings.request.seed
    var spoken = ""
    var model = settings.request.model
    var outcome = "cancelled"
    defer { record(spoken, by: model, outcome, output.seconds, since: start) }
    for await piece in pieces {
      do {
        var order = SpeechOrder(settings.request, format: .pcm, caller: caller.account)
        order.request.text = piece.text
        spoken += piece.text
        order.request.seed = seed
        let answer = try await node.speak(order)
        // All pieces of an utterance sound alike.
        seed = answer.info.seed
        model = answer.info.model
        if !hasStarted { try await send(started(answer.info)) }
        hasStarted = true
        var mark = SocketEvent("mark", utterance: number)
        (mark.textStart, mark.textEnd) = (piece.characters.lowerBound, piece.characters.upperBound)
        mark.start = output.seconds
        for try await audio in answer.audio { try await output.send(audio.bytes) }
        mark.end = output.seconds
        try await send(mark)
      } catch let error where Self.isAnswer(error) {
        try await send(.failure(error, utterance: number))
      }
    }
    try Task.checkCancellation()
    try await output.finish()
    var done = SocketEvent("done", utterance: number)
    done.duration = output.seconds
    done.end = start.duration(to: .now) / .seconds(1)
    try await send(done)
    outcome = "ok"
  }

  /// Writes down what was spoken, for whom.
  private func record(
    _ text: String, by model: String?, _ outcome: String, _ seconds: Double,
    since start: ContinuousClock.Instant
  ) {
    guard let audit = node.audit else { return }
    var record = AuditRecord(
      requestID: "", actor: AuditActor(caller.kind), subject: caller.id, address: caller.address,
      action: "socket utterance", outcome: outcome)
    (record.characters, record.audioSeconds) = (text.count, seconds)
    (record.textHash, record.text) = (audit.hash(of: text), text)
    record.model = model
    record.milliseconds = start.duration(to: .now) / .milliseconds(1)
    Task { [record] in await audit.log.append(record) }
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

  /// Whether an error is one to tell the client about, rather than the end of the connection.
  private static func isAnswer(_ error: any Error) -> Bool {
    error is ChatterboxError || error is QueueError || error is StorageError
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
