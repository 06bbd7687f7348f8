/// Where a request stands in a trace that goes through many services.
///
/// Source: https://www.w3.org/TR/trace-context/
struct TraceContext: Hashable, Sendable {
  /// 32 hexadecimal digits, not all zero.
  let traceID: String
  /// The caller's span: 16 hexadecimal digits, not all zero.
  let parentID: String
  /// Whether the caller records the trace, and more bits to come.
  let flags: String

  /// Reads a `traceparent` header; `nil` for anything that is not one, which then counts as not there.
  init?(_ header: String?) {
    guard
      let match = header?.wholeMatch(
        of: /([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?/)
    else { return nil }
    let (version, trace, parent) = (match.output.1, match.output.2, match.output.3)
    // Version ff is forbidden; of version 00 nothing may follow.
    guard version != "ff", version != "00" || match.output.5 == nil, trace.contains(where: { $0 != "0" }),
      parent.contains(where: { $0 != "0" })
    else { return nil }
    (traceID, parentID, flags) = (String(trace), String(parent), String(match.output.4))
  }

  private init(traceID: String, parentID: String, flags: String) {
    (self.traceID, self.parentID, self.flags) = (traceID, parentID, flags)
  }

  /// The same trace, with a span of our own.
  func child() -> TraceContext {
    TraceContext(traceID: traceID, parentID: Self.newSpan(), flags: flags)
  }

  /// As the header has it.
  var header: String { "00-\(traceID)-\(parentID)-\(flags)" }

  private static func newSpan() -> String {
    let digits = String(UInt64.random(in: 1 ... .max), radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
