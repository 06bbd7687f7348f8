import Foundation
import Hummingbird
import NIOCore
import Service
import Synchronization

/// Writes down every request before the last of its answer leaves: what a client has got is in the log, even if the
/// server is killed right after.
struct AuditMiddleware: RouterMiddleware {
  let audit: NodeAudit

  func handle(
    _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
  ) async throws -> Response {
    let start = ContinuousClock.now
    var response = try await next(request, context)
    // What looks after the node asks all the time, and asks for nothing.
    guard !(context.endpointPath ?? "").hasPrefix("/health") else { return response }
    let entry = AuditedRequest(request, context, response, since: start, in: audit)
    let body = response.body
    guard request.method != .head, body.contentLength != 0 else {
      await entry.end()
      return response
    }
    response.body = ResponseBody(contentLength: body.contentLength) { writer in
      do {
        try await body.write(AuditedWriter(entry: entry, length: body.contentLength, writer: writer))
      } catch {
        await entry.end(isBrokenOff: true)
        throw error
      }
      await entry.end()
    }
    return response
  }
}

/// Sends an answer's body, and its last part only once the request is written down.
private struct AuditedWriter: ResponseBodyWriter {
  let entry: AuditedRequest
  /// `nil` when the client waits for the body's end. Otherwise it knows which bytes are the last.
  let length: Int?
  var writer: any ResponseBodyWriter

  mutating func write(_ buffer: ByteBuffer) async throws {
    let byteCount = entry.add(buffer.readableBytes)
    if let length, byteCount >= length { await entry.end() }
    try await writer.write(buffer)
  }

  consuming func finish(_ trailingHeaders: HTTPFields?) async throws {
    await entry.end()
    try await writer.finish(trailingHeaders)
  }
}

/// A request that is written down when it has ended, whichever way that comes about.
private final class AuditedRequest: Sendable {
  private struct State {
    var byteCount = 0
    var isWritten = false
  }

  private let audit: NodeAudit
  private let notes: RequestNotes
  private let start: ContinuousClock.Instant
  private let record: AuditRecord
  private let state = Mutex(State())

  init(
    _ request: Request, _ context: APIContext, _ response: Response, since start: ContinuousClock.Instant,
    in audit: NodeAudit
  ) {
    (self.audit, self.start, notes) = (audit, start, context.notes)
    let content = notes.now
    // The pattern, not the path: a name in it would stay when its owner is forgotten.
    let path = context.endpointPath ?? "unknown path"
    var record = AuditRecord(
      requestID: content.requestID, actor: AuditActor(content.caller?.kind ?? .address),
      subject: content.caller?.id ?? "unknown", address: content.address ?? context.peer,
      action: "\(request.method.rawValue) \(path)", outcome: content.errorCode ?? "ok")
    record.bytesIn = request.headers[.contentLength].flatMap(Int.init) ?? 0
    record.characters = content.characters
    record.audioSeconds = response.headers[.audioDuration].flatMap(Double.init)
    record.model = response.headers[.chatterboxModel]
    record.textHash = content.text.map(audit.hash)
    record.text = content.text
    record.status = response.status.code
    self.record = record
  }

  /// Counts bytes that are about to leave.
  ///
  /// - Returns: how many there are with these.
  func add(_ count: Int) -> Int {
    state.withLock { state in
      state.byteCount += count
      return state.byteCount
    }
  }

  // Nobody asked for the body: the client had gone before the answer began.
  deinit {
    if let record = ended(isBrokenOff: true) { audit.log.appendLater(record) }
  }

  /// Writes it down, the first time that it is said, also for a task that has been cancelled.
  func end(isBrokenOff: Bool = false) async {
    if let record = ended(isBrokenOff: isBrokenOff) { await audit.log.append(record) }
  }

  private func ended(isBrokenOff: Bool) -> AuditRecord? {
    let byteCount = state.withLock { state -> Int? in
      defer { state.isWritten = true }
      return state.isWritten ? nil : state.byteCount
    }
    guard let byteCount else { return nil }
    var record = record
    record.bytesOut = byteCount
    record.milliseconds = start.duration(to: .now) / .milliseconds(1)
    // An error that was to be told of says more.
    if isBrokenOff, record.outcome == "ok" { record.outcome = "broken_off" }
    return record
  }
}

extension AuditActor {
  init(_ kind: Caller.Kind) {
    switch kind {
    case .key: self = .key
    case .token: self = .token
    case .address: self = .address
    }
  }
}
