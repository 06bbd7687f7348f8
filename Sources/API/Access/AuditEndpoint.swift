import Chatterbox
import Foundation
import Hummingbird
import NIOCore
import Service

/// `/api/v1/audit`: what was written down about requests.
struct AuditEndpoint: Sendable {
  let node: SpeechNode

  var routes: [Route] {
    [
      Route(.get, "/api/v1/audit", for: .admin) { request, _ in try await export(request) },
      Route(.get, "/api/v1/audit/verify", for: .admin) { _, _ in try await verify() },
      Route(.delete, "/api/v1/audit/subjects/:subject", for: .admin) { _, context in
        let subject = try context.parameters.require("subject")
        return try await erase(subject.removingPercentEncoding ?? subject)
      },
    ]
  }

  private var audit: NodeAudit {
    get throws(APIError) {
      guard let audit = node.audit else {
        throw .conflict("audit_off", "Nothing is written down: security.audit.enabled is false.")
      }
      return audit
    }
  }

  /// The entries between two times, oldest first, as JSON lines or CSV.
  private func export(_ request: Request) async throws -> Response {
    let audit = try audit
    let parameters = request.uri.queryParameters
    let form: AuditExport.Form
    switch parameters.get("format") ?? "jsonl" {
    case "jsonl": form = .jsonLines
    case "csv": form = .csv
    default: throw ChatterboxError.invalid("format", "jsonl or csv")
    }
    let entries = AuditExport.lines(
      directory: audit.directory, from: try Self.time("from", parameters),
      to: try Self.time("to", parameters),
      subject: parameters.get("subject"))
    await audit.log.synchronize()
    return Response(
      status: .ok,
      headers: [
        .contentType: form == .csv ? "text/csv; charset=utf-8" : "application/x-ndjson",
        .cacheControl: "no-store",
      ],
      body: ResponseBody { writer in
        try await writer.write(ByteBuffer(string: AuditExport.header(form)))
        for try await entry in entries {
          try await writer.write(ByteBuffer(string: try AuditExport.text(of: entry, as: form)))
        }
        try await writer.finish(nil)
      })
  }

  private static func time(_ name: String, _ parameters: Parameters) throws(ChatterboxError) -> Date? {
    guard let text = parameters.get(name) else { return nil }
    guard let time = try? Date(text, strategy: .iso8601) else {
      throw .invalid(name, "a time such as 2026-11-25T00:00:00Z")
    }
    return time
  }

  private func verify() async throws -> Response {
    let audit = try audit
    await audit.log.synchronize()
    // Reading it all takes a while, and waits for the disk.
    let report = try await Task.detached(priority: .utility) { try audit.verify() }.value
    return try Response(json: report)
  }

  /// Forgets a person: in the log, in jobs and their audio, and in what was counted.
  private func erase(_ subject: String) async throws -> Response {
    let erased = try await node.erase(subject: subject)
    return try Response(json: ["entries": erased.entries, "jobs": erased.jobs, "usage": erased.usage])
  }
}
