import Foundation
import Testing

@testable import Service

@Suite("Metrics")
struct MetricsTests {
  private let registry = MetricsRegistry()

  @Test("are written as Prometheus reads them")
  func exposition() {
    let counter = registry.counter("a_total", "Some \\ help\nhere.", labels: ["kind"])
    counter.add(2, "x")
    counter.add(1, "x")
    registry.gauge("b_bytes", "Bytes.").set(1.5)
    #expect(
      registry.exposition == """
        # HELP a_total Some \\\\ help\\nhere.
        # TYPE a_total counter
        a_total{kind="x"} 3
        # HELP b_bytes Bytes.
        # TYPE b_bytes gauge
        b_bytes 1.5

        """)
  }

  @Test("have histograms whose buckets add up")
  func histogram() {
    let histogram = registry.histogram("wait_seconds", "Waiting.", labels: ["who"], bounds: [0.1, 1])
    for value in [0.05, 0.1, 0.5, 7] { histogram.observe(value, "me") }
    let lines = registry.exposition.split(separator: "\n").dropFirst(2).map(String.init)
    #expect(
      lines == [
        #"wait_seconds_bucket{who="me",le="0.1"} 2"#, #"wait_seconds_bucket{who="me",le="1"} 3"#,
        #"wait_seconds_bucket{who="me",le="+Inf"} 4"#, #"wait_seconds_sum{who="me"} 7.65"#,
        #"wait_seconds_count{who="me"} 4"#,
      ])
  }

  @Test("escape what a client may have chosen")
  func escaping() {
    registry.counter("a_total", "A.", labels: ["name"]).add(1, "x\"\n\\y")
    #expect(registry.exposition.contains(#"a_total{name="x\"\n\\y"} 1"#))
  }

  @Test("do not grow without end, whatever labels come")
  func cardinality() {
    let counter = registry.counter("a_total", "A.", labels: ["name"])
    for index in 0..<10_000 { counter.add(1, "\(index)") }
    let lines = registry.exposition.split(separator: "\n")
    #expect(lines.count <= MetricFamily.mostSeries + 3)
    #expect(lines.contains(#"a_total{name="other"} 9800"#))
  }

  @Test("lose nothing when many count at once")
  func concurrency() async {
    let counter = registry.counter("a_total", "A.", labels: [])
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<10 { group.addTask { for _ in 0..<1_000 { counter.add() } } }
    }
    #expect(registry.exposition.contains("a_total 10000"))
  }

  @Test("are all in docs/metrics.md, and no others are")
  func documented() throws {
    let page = try String(contentsOf: repository.appending(path: "docs/metrics.md"), encoding: .utf8)
    let rows = page.split(separator: "\n").filter { $0.hasPrefix("| `") }.map { line in
      line.split(separator: "|")[0].trimmingCharacters(in: CharacterSet(charactersIn: "` "))
    }
    let names = NodeMetrics(version: "1").registry.names.map(\.name)
    #expect(rows.sorted() == names.sorted())
  }
}
