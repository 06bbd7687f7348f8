/// A named measurement, and its values by label.
struct MetricFamily {
  enum Kind: String {
    case counter
    case gauge
    case histogram
  }

  /// What has been observed under one set of labels.
  struct Series {
    var value = 0.0
    /// Of a histogram: how many were at most as large as each bound, and how many there were.
    var counts: [Int] = []
    var count = 0
  }

  /// The most sets of labels: a value that a client chooses must not grow memory without end.
  static let mostSeries = 200

  let name: String
  let help: String
  let kind: Kind
  let labels: [String]
  /// Of a histogram: the upper bounds, in order.
  let bounds: [Double]
  private(set) var series: [[String]: Series] = [:]

  init(_ name: String, _ help: String, _ kind: Kind, labels: [String], bounds: [Double] = []) {
    self.name = name
    self.help = help
    self.kind = kind
    self.labels = labels
    self.bounds = bounds
    // Without labels there is one value, and it is there from the start.
    if labels.isEmpty { change([]) { _ in } }
  }

  mutating func change(_ values: [String], _ change: (inout Series) -> Void) {
    let isKnown = series[values] != nil
    let key =
      isKnown || series.count < Self.mostSeries ? values : [String](repeating: "other", count: labels.count)
    change(&series[key, default: Series(counts: [Int](repeating: 0, count: bounds.count))])
  }

  mutating func observe(_ value: Double, _ values: [String]) {
    let bounds = bounds
    change(values) { series in
      series.value += value
      series.count += 1
      for (index, bound) in bounds.enumerated() where value <= bound { series.counts[index] += 1 }
    }
  }

  /// Forgets all values, before they are set anew.
  mutating func clear() { series = [:] }

  /// The family in Prometheus's text exposition.
  ///
  /// Source: https://prometheus.io/docs/instrumenting/exposition_formats/
  var exposition: String {
    var lines = ["# HELP \(name) \(help.escaped(quotes: false))", "# TYPE \(name) \(kind.rawValue)"]
    for (values, series) in series.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      let pairs = Array(zip(labels, values))
      if kind == .histogram {
        for (bound, count) in zip(bounds, series.counts) {
          lines.append("\(name)_bucket\(Self.text(pairs + [("le", Self.text(bound))])) \(count)")
        }
        lines.append("\(name)_bucket\(Self.text(pairs + [("le", "+Inf")])) \(series.count)")
        lines.append("\(name)_sum\(Self.text(pairs)) \(Self.text(series.value))")
        lines.append("\(name)_count\(Self.text(pairs)) \(series.count)")
      } else {
        lines.append("\(name)\(Self.text(pairs)) \(Self.text(series.value))")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func text(_ pairs: [(String, String)]) -> String {
    guard !pairs.isEmpty else { return "" }
    return "{" + pairs.map { "\($0)=\"\($1.escaped(quotes: true))\"" }.joined(separator: ",") + "}"
  }

  private static func text(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : "\(value)"
  }
}

extension String {
  /// As the exposition's help and label values must be.
  fileprivate func escaped(quotes: Bool) -> String {
    reduce(into: "") { text, character in
      switch character {
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\"" where quotes: text += "\\\""
      default: text.append(character)
      }
    }
  }
}
