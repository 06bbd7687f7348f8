import Foundation
import Hummingbird
import NIOCore
import Service
import Synchronization

/// Writes down every request once its answer has left, or its client has.
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
    response.body = ResponseBody(contentLength: body.contentLength) { writer in
      do {
        try await body.map { buffer in
          entry.add(buffer.readableBytes)
          return buffer
        }.write(writer)
      } catch {
        entry.end(outcome: "broken_off")
        throw error
      }
      entry.end()
    }
    return response
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

  func add(_ count: Int) { state.withLock { $0.byteCount += count } }

  // An answer without a body, or one whose body was never asked for.
  deinit { end() }

  /// Writes it down, the first time that it is said.
  func end(outcome: String? = nil) {
    let byteCount = state.withLock { state -> Int? in
      defer { state.isWritten = true }
      return state.isWritten ? nil : state.byteCount
    }
    guard let byteCount else { return }
    var record = record
    record.bytesOut = byteCount
    record.milliseconds = start.duration(to: .now) / .milliseconds(1)
    if let outcome { record.outcome = outcome }
    Task { [audit, record] in await audit.log.append(record) }
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
