import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Service
import Synchronization
import Testing

@testable import API

@Suite("Requests in the audit log")
struct AuditMiddlewareTests {
  @Test("An answer of a known length is written down before its last bytes leave")
  func knownLength() async throws {
    let counts = try await Self.counts(.get) {
      ResponseBody(contentLength: 6) { writer in
        for text in ["abc", "def"] { try await writer.write(ByteBuffer(string: text)) }
        try await writer.finish(nil)
      }
    }
    // At its head, at both its pieces, at its end.
    #expect(counts == [0, 0, 1, 1])
    #expect(try await Self.counts(.get) { ResponseBody(byteBuffer: ByteBuffer(string: "{}")) } == [0, 1, 1])
  }

  @Test("An answer of an unknown length is written down before its end")
  func unknownLength() async throws {
    let counts = try await Self.counts(.get) {
      ResponseBody { writer in
        for text in ["abc", "def"] { try await writer.write(ByteBuffer(string: text)) }
        try await writer.finish(nil)
      }
    }
    #expect(counts == [0, 0, 0, 1])
  }

  @Test("An answer without a body is written down before its head leaves")
  func withoutBody() async throws {
    #expect(try await Self.counts(.get) { ResponseBody() } == [1, 1])
    let counts = try await Self.counts(.head) { ResponseBody(byteBuffer: ByteBuffer(string: "{}")) }
    #expect(counts == [1])
  }

  @Test("A client that leaves is written down, though its task is cancelled")
  func leaving() async throws {
    let server = try TestServer()
    let audit = try #require(server.node.audit)
    let probe = Probe(audit: audit, leavesAt: 2)
    let application = Self.application(probe) {
      ResponseBody { writer in
        for text in ["abc", "def"] { try await writer.write(ByteBuffer(string: text)) }
        try await writer.finish(nil)
      }
    }
    await #expect(throws: CancellationError.self) {
      try await application.test(.router) { try await $0.execute(uri: "/probe", method: .get) }
    }
    #expect(probe.counts == [0, 0, 0, 1])
    let entry = try #require(try await audit.entries().first)
    #expect(entry.core.outcome == "broken_off" && entry.core.bytesOut == 6)
  }

  @Test("A client that had left before its answer is in the log when the server ends")
  func neverAnswered() async throws {
    let server = try TestServer()
    let audit = try #require(server.node.audit)
    let application = Self.application(Probe(audit: audit, leavesAt: 0)) {
      ResponseBody(byteBuffer: ByteBuffer(string: "{}"))
    }
    _ = try await application.test(.router) { try await $0.execute(uri: "/probe", method: .get) }
    await server.node.close()
    #expect(try await audit.entries().map(\.core.outcome) == ["broken_off"])
  }

  @Test("What a client has got is in the log, whatever it asked for")
  func answered() async throws {
    let server = try TestServer()
    let audit = try #require(server.node.audit)
    let speech = ByteBuffer(string: #"{"text": "Hi.", "model": "starter"}"#)
    try await server.server.application().test(.live) { client in
      for round in 0..<5 {
        _ = try await client.execute(uri: "/api/v1/languages", method: .get)
        #expect(try await audit.entries().count == round * 4 + 1)
        _ = try await client.execute(uri: "/nowhere", method: .get)
        #expect(try await audit.entries().count == round * 4 + 2)
        for path in ["generate", "stream"] {
          _ = try await client.execute(
            uri: "/api/v1/tts/\(path)", method: .post, headers: [.contentType: "application/json"],
            body: speech)
          #expect(try await audit.entries().last?.core.action == "POST /api/v1/tts/\(path)")
        }
      }
    }
    let entries = try await audit.entries()
    #expect(entries.count == 20 && entries.allSatisfy { $0.core.outcome != "broken_off" })
    #expect(entries.allSatisfy { $0.core.bytesOut > 0 })
  }

  @Test("A line that no log wrote is told of, and does not stop the server")
  func hostileLine() async throws {
    let server = try TestServer()
    let audit = try #require(server.node.audit)
    _ = try await server.send(.get, "/api/v1/languages")
    let file = audit.directory.appending(path: "audit-000000000001.jsonl")
    let line = try String(contentsOf: file, encoding: .utf8).replacingOccurrences(
      of: #""sequence":1,"#, with: #""sequence":-9223372036854775808,"#)
    let handle = try FileHandle(forWritingTo: file)
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(line.utf8))
    try handle.close()
    let report = try await server.get("/api/v1/audit/verify", Report.self)
    #expect(!report.intact && report.problems.map(\.kind) == ["unreadable"])
  }

  @Test("A log that somebody removed while the server runs is told of")
  func wiped() async throws {
    let server = try TestServer()
    let audit = try #require(server.node.audit)
    #expect(try await server.get("/api/v1/audit/verify", Report.self).intact)
    await audit.log.synchronize()
    for name in try FileManager.default.contentsOfDirectory(atPath: audit.directory.path) {
      try FileManager.default.removeItem(at: audit.directory.appending(path: name))
    }
    let report = try await server.get("/api/v1/audit/verify", Report.self)
    #expect(!report.intact && Set(report.problems.map(\.kind)) == ["truncated"])
  }

  private struct Report: Decodable {
    struct Problem: Decodable {
      let kind: String
    }

    let intact: Bool
    let problems: [Problem]
  }

  /// How many entries the log had whenever a part of an answer was about to leave.
  private static func counts(
    _ method: HTTPRequest.Method, _ body: @escaping @Sendable () -> ResponseBody
  ) async throws -> [Int] {
    let server = try TestServer()
    let probe = Probe(audit: try #require(server.node.audit))
    _ = try await application(probe, body).test(.router) { client in
      try await client.execute(uri: "/probe", method: method)
    }
    return probe.counts
  }

  private static func application(
    _ probe: Probe, _ body: @escaping @Sendable () -> ResponseBody
  ) -> some ApplicationProtocol {
    let router = Router(context: APIContext.self, options: .autoGenerateHeadEndpoints)
    router.add(middleware: probe)
    router.add(middleware: AuditMiddleware(audit: probe.audit))
    router.on("/probe", method: .get) { _, _ in Response(status: .ok, body: body()) }
    return Application(router: router)
  }
}

/// Stands where the connection does, and looks into the log whenever a part of an answer is about to leave.
private final class Probe: RouterMiddleware {
  let audit: NodeAudit
  /// The write at which the client goes; 0 when it never gets to the body.
  private let leavesAt: Int?
  private let counted = Mutex<[Int]>([])

  init(audit: NodeAudit, leavesAt: Int? = nil) {
    (self.audit, self.leavesAt) = (audit, leavesAt)
  }

  var counts: [Int] { counted.withLock(\.self) }

  func handle(
    _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
  ) async throws -> Response {
    var response = try await next(request, context)
    if leavesAt == 0 { return Response(status: .ok) }
    try count()
    let body = response.body
    response.body = ResponseBody(contentLength: body.contentLength) { writer in
      do {
        try await body.write(Writer(probe: self, writer: writer))
      } catch {
        try self.count()
        throw error
      }
    }
    return response
  }

  /// Without waiting, so that nothing can be written meanwhile.
  private func count() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: audit.directory.path)
    let count = try files.filter { $0.hasPrefix("audit-") }.reduce(0) { count, name in
      let lines = try Data(contentsOf: audit.directory.appending(path: name))
      return count + lines.count { $0 == UInt8(ascii: "\n") }
    }
    counted.withLock { $0.append(count) }
  }

  private struct Writer: ResponseBodyWriter {
    let probe: Probe
    var writer: any ResponseBodyWriter
    private var writes = 0

    init(probe: Probe, writer: any ResponseBodyWriter) {
      (self.probe, self.writer) = (probe, writer)
    }

    mutating func write(_ buffer: ByteBuffer) async throws {
      writes += 1
      try probe.count()
      if writes == probe.leavesAt {
        withUnsafeCurrentTask { $0?.cancel() }
        throw CancellationError()
      }
      try await writer.write(buffer)
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {
      try probe.count()
      try await writer.finish(trailingHeaders)
    }
  }
}

extension NodeAudit {
  /// All that is written down, the oldest first.
  fileprivate func entries() async throws -> [AuditEntry] {
    var entries: [AuditEntry] = []
    for try await entry in AuditExport.lines(directory: directory) { entries.append(entry) }
    return entries
  }
}
