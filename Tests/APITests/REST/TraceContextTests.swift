import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import API

@Suite("Trace context")
struct TraceContextTests {
  private static let header = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

  @Test("is read, and goes on with a span of our own")
  func child() throws {
    let context = try #require(TraceContext(Self.header))
    #expect(context.header == Self.header)
    let child = context.child()
    #expect(child.traceID == context.traceID && child.parentID != context.parentID && child.flags == "01")
    #expect(TraceContext(child.header) == child)
    #expect(TraceContext("01" + Self.header.dropFirst(2) + "-later") != nil, "a version to come")
  }

  @Test(
    "that is none counts as not there",
    arguments: [
      "", "00", "ff" + header.dropFirst(2), header.uppercased(), header + "-more", header + "\n",
      " " + header,
      "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
      "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01", String(repeating: "0", count: 10_000),
    ])
  func invalid(header: String) {
    #expect(TraceContext(header) == nil)
  }

  @Test("is in the log and on the answer")
  func answer() async throws {
    let server = try TestServer()
    let response = try await server.send(.get, "/api/v1/health", nil, [.traceParent: Self.header])
    let sent = try #require(TraceContext(response.headers[.traceParent]))
    #expect(sent.traceID == "4bf92f3577b34da6a3ce929d0e0e4736")
    let line = try #require(server.log.requests.first)
    #expect(line.metadata["trace_id"] == sent.traceID && line.metadata["span_id"] == sent.parentID)
    #expect(try await server.send(.get, "/api/v1/health").headers[.traceParent] == nil)
  }
}
