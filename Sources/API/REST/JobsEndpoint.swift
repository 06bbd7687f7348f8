import Audio
import Chatterbox
import Foundation
import Hummingbird
import Service

/// `/api/v1/jobs`: long texts that are spoken without anybody waiting.
struct JobsEndpoint: Sendable {
  /// The most jobs of a page.
  private static let mostListed = 200

  let node: SpeechNode
  let bodies: RequestBodyReader
  private let audio: AudioEndpoint

  init(node: SpeechNode, bodies: RequestBodyReader) {
    (self.node, self.bodies) = (node, bodies)
    audio = AudioEndpoint(storage: node.storage)
  }

  var routes: [Route] {
    [
      Route(.post, "/api/v1/jobs", for: .speak) { try await submit($0, $1) },
      Route(.get, "/api/v1/jobs", for: .speak) { try await list($0, $1) },
      Route(.get, "/api/v1/jobs/:id", for: .speak) { _, context in try await answer(to: job(context)) },
      Route(.delete, "/api/v1/jobs/:id", for: .speak) { _, context in try await cancel(job(context).id) },
      Route(.post, "/api/v1/jobs/:id/resume", for: .speak) { _, context in
        let job = try await node.jobs.resume(job(context).id)
        return try Response(json: JobAnswer(job, of: node), status: .accepted)
      },
      Route(.get, "/api/v1/jobs/:id/audio", for: .speak) { request, context in
        try await audio(of: job(context), request)
      },
    ]
  }

  private func submit(_ request: Request, _ context: APIContext) async throws -> Response {
    let body = try JSONFields(json: try await bodies.json(of: request))
    let webhook = try body.string("webhook_url")
    let asked = try GenerateRequest(body.without(["webhook_url"]))
    context.note(text: asked.speech.text)
    let job = try await node.jobs.submit(
      asked.speech, format: asked.format, caller: context.caller.account,
      idempotencyKey: try idempotencyKey(of: request, context), webhook: webhook)
    return try await answer(to: job, status: .accepted, headers: [.location: "/api/v1/jobs/\(job.id)"])
  }

  /// The job of the path. Somebody else's looks as if there were none.
  private func job(_ context: APIContext) async throws -> Job {
    let job = try await node.jobs.job(try context.parameters.require("id"))
    guard context.caller.owns(job.caller) else { throw JobDesk.Refusal.unknown }
    return job
  }

  /// A job, and where it stands in the line.
  private func answer(
    to job: Job, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
  ) async throws -> Response {
    try Response(
      json: JobAnswer(job, of: node, try await node.jobs.place(of: job)), status: status, headers: headers)
  }

  /// The client's own name for the request, told apart from other callers' names.
  private func idempotencyKey(of request: Request, _ context: APIContext) throws -> String? {
    guard let key = request.headers[.idempotencyKey] else { return nil }
    guard (1...255).contains(key.utf8.count) else {
      throw ChatterboxError.invalid("Idempotency-Key", "1 to 255 bytes")
    }
    // Told apart for certain: a name may have spaces.
    let caller = context.caller.account
    return "\(caller.utf8.count) \(caller) \(key)"
  }

  private func list(_ request: Request, _ context: APIContext) async throws -> Response {
    let parameters = request.uri.queryParameters
    var status: Job.Status?
    if let name = parameters.get("status") {
      guard let known = Job.Status(rawValue: name) else {
        throw ChatterboxError.unknown(
          .invalidValue, "status", name, among: Job.Status.allCases.map(\.rawValue), field: "status")
      }
      status = known
    }
    let limit = try number("limit", parameters, in: 1...Self.mostListed) ?? 50
    let offset = try number("offset", parameters, in: 0...1_000_000_000) ?? 0
    let jobs = try await node.jobs.store.jobs(
      JobQuery(
        status: status, caller: context.caller.seesAll ? nil : context.caller.account, limit: limit,
        offset: offset))
    return try Response(json: ["jobs": jobs.map { JobAnswer($0, of: node) }])
  }

  private func number(
    _ name: String, _ parameters: Parameters, in range: ClosedRange<Int>
  ) throws(ChatterboxError) -> Int? {
    guard let text = parameters.get(name) else { return nil }
    guard let number = Int(text), range.contains(number) else {
      throw .invalid(name, "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  private func cancel(_ id: String) async throws -> Response {
    guard let job = try await node.jobs.cancel(id) else { return Response(status: .noContent) }
    return try Response(json: JobAnswer(job, of: node))
  }

  private func audio(of job: Job, _ request: Request) async throws -> Response {
    guard job.status == .done, let result = job.result else {
      throw JobDesk.Refusal.wrongState(job.status)
    }
    guard let stored = try await node.storage.audio(result.id) else { throw StorageError.gone }
    return try await audio.response(stored, to: request)
  }
}

/// A job as a client sees it: everything but the text.
private struct JobAnswer: Encodable {
  private struct Result: Encodable {
    let url: String
    let sha256: String
    let bytes: Int
    let format: String
    /// Where the audio can be fetched for a time without a key, straight from the store.
    let downloadURL: String?

    private enum CodingKeys: String, CodingKey {
      case url
      case sha256
      case bytes
      case format
      case downloadURL = "download_url"
    }
  }

  private struct Webhook: Encodable {
    let url: String
    let attempts: Int
    let delivered: Bool
    let lastOutcome: String?

    private enum CodingKeys: String, CodingKey {
      case url
      case attempts
      case delivered
      case lastOutcome = "last_outcome"
    }
  }

  let id: String
  let status: Job.Status
  let progress: Double
  let duration: Double
  let format: String
  let seed: UInt64?
  let created: String
  let updated: String
  /// How many jobs go before it, and how long until its turn, in seconds.
  private let position: Int?
  private let estimate: Double?
  private let result: Result?
  private let error: Job.Failure?
  private let webhook: Webhook?

  private enum CodingKeys: String, CodingKey {
    case id
    case status
    case progress
    case duration
    case format
    case seed
    case created
    case updated
    case position
    case estimate = "estimate_seconds"
    case result
    case error
    case webhook
  }

  init(_ job: Job, of node: SpeechNode, _ place: QueuePlace? = nil) {
    position = place?.ahead
    estimate = place?.seconds
    id = job.id
    status = job.status
    progress = job.progress.share
    duration = job.progress.duration
    format = job.order.format.rawValue
    seed = job.order.request.seed
    created = Date(timeIntervalSince1970: job.created).ISO8601Format()
    updated = Date(timeIntervalSince1970: job.updated).ISO8601Format()
    result = job.result.map {
      Result(
        url: "/api/v1/jobs/\(job.id)/audio", sha256: $0.sha256, bytes: $0.byteCount,
        format: $0.format.rawValue, downloadURL: node.downloadAddress(of: $0))
    }
    error = job.failure
    webhook = job.webhook.map {
      Webhook(url: $0.url, attempts: $0.attempts, delivered: $0.isDelivered, lastOutcome: $0.lastOutcome)
    }
  }
}
