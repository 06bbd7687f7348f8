import Foundation
import Hummingbird
import Logging
import Service

/// Gives every request an identifier and writes one line about it: never the text.
struct RequestLogMiddleware: RouterMiddleware {
  let metrics: NodeMetrics
  /// Whether the connection is encrypted.
  var isSecure = false

  func handle(
    _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
  ) async throws -> Response {
    let start = ContinuousClock.now
    let identifier = Self.identifier(for: request)
    context.notes.note { $0.requestID = identifier }
    var context = context
    // Hummingbird's own key, so that its log lines carry the same identifier as ours.
    context.logger[metadataKey: "hb.request.id"] = .string(identifier)
    let trace = TraceContext(request.headers[.traceParent])?.child()
    if let trace {
      context.logger[metadataKey: "trace_id"] = .string(trace.traceID)
      context.logger[metadataKey: "span_id"] = .string(trace.parentID)
    }
    var response = try await next(request, context)
    response.headers[.traceParent] = trace?.header
    response.headers[.xRequestID] = identifier
    response.headers.addProtection(isSecure: isSecure)

    let route = context.endpointPath ?? "other"
    let seconds = start.duration(to: .now) / .seconds(1)
    metrics.httpRequests.add(1, request.method.rawValue, route, "\(response.status.code)")
    metrics.httpSeconds.observe(seconds, route)

    let milliseconds = start.duration(to: .now) / .milliseconds(1)
    context.logger.log(
      level: response.status.kind == .serverError ? .warning : .info, "request",
      metadata: [
        "method": "\(request.method)",
        "path": "\(request.uri.path.prefix(200))",
        "status": "\(response.status.code)",
        "ms": "\(milliseconds.formatted(decimals: 1))",
        "bytes_in": "\(request.headers[.contentLength] ?? "-")",
        "bytes_out": "\(response.body.contentLength.map(String.init) ?? "-")",
      ])
    return response
  }

  /// The client's identifier if it is fit for logs and headers, else a new one.
  private static func identifier(for request: Request) -> String {
    guard let given = request.headers[.xRequestID], (1...128).contains(given.utf8.count),
      given.utf8.allSatisfy(\.isIdentifierPart)
    else { return UUID().uuidString.lowercased() }
    return given
  }
}

extension HTTPFields {
  /// What keeps a browser from making more of an answer than it is.
  ///
  /// Source: https://owasp.org/www-project-secure-headers/
  mutating func addProtection(isSecure: Bool) {
    self[.xContentTypeOptions] = "nosniff"
    self[.xFrameOptions] = "DENY"
    self[.referrerPolicy] = self[.referrerPolicy] ?? "no-referrer"
    self[.crossOriginResourcePolicy] = "same-origin"
    self[.contentSecurityPolicy] =
      self[.contentSecurityPolicy] ?? "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"
    if isSecure { self[.strictTransportSecurity] = "max-age=31536000" }
  }
}

extension UInt8 {
  /// A letter, a digit, or one of `-`, `_`, `.`, `:`.
  fileprivate var isIdentifierPart: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: ":"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
      true
    default: false
    }
  }
}
