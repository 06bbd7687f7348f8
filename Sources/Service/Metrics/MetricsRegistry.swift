import Synchronization

/// The measurements of a process, and how they are written down for Prometheus.
package final class MetricsRegistry: Sendable {
  private let families = Mutex<[MetricFamily]>([])

  package init() {}

  /// Something that only grows.
  func counter(_ name: String, _ help: String, labels: [String] = []) -> Counter {
    Counter(instrument: add(MetricFamily(name, help, .counter, labels: labels)))
  }

  /// Something that goes up and down.
  func gauge(_ name: String, _ help: String, labels: [String] = []) -> Gauge {
    Gauge(instrument: add(MetricFamily(name, help, .gauge, labels: labels)))
  }

  /// How often something was how large.
  func histogram(_ name: String, _ help: String, labels: [String] = [], bounds: [Double]) -> Histogram {
    Histogram(instrument: add(MetricFamily(name, help, .histogram, labels: labels, bounds: bounds)))
  }

  /// All measurements in Prometheus's text exposition, version 0.0.4.
  package var exposition: String {
    families.withLock { $0.map(\.exposition).joined() }
  }

  /// The names of all measurements, with what they say.
  var names: [(name: String, help: String)] { families.withLock { $0.map { ($0.name, $0.help) } } }

  private func add(_ family: MetricFamily) -> Instrument {
    families.withLock { families in
      families.append(family)
      return Instrument(registry: self, index: families.count - 1)
    }
  }

  /// A family's place in a registry.
  struct Instrument: Sendable {
    let registry: MetricsRegistry
    let index: Int

    func change(_ change: (inout sending MetricFamily) -> Void) {
      registry.families.withLock { change(&$0[index]) }
    }
  }

  package struct Counter: Sendable {
    let instrument: Instrument

    /// - Parameter labels: a value for each label, in their order.
    package func add(_ amount: Double = 1, _ labels: String...) {
      instrument.change { $0.change(labels) { $0.value += amount } }
    }

    /// Takes over a count that is kept elsewhere.
    func set(_ amount: Double) { instrument.change { $0.change([]) { $0.value = amount } } }
  }

  package struct Gauge: Sendable {
    let instrument: Instrument

    package func set(_ value: Double, _ labels: String...) {
      instrument.change { $0.change(labels) { $0.value = value } }
    }

    package func add(_ amount: Double, _ labels: String...) {
      instrument.change { $0.change(labels) { $0.value += amount } }
    }

    /// Sets all values, and forgets those that are not among them.
    func replace(_ values: [[String]: Double]) {
      instrument.change { family in
        family.clear()
        for (labels, value) in values { family.change(labels) { $0.value = value } }
      }
    }
  }

  package struct Histogram: Sendable {
    let instrument: Instrument

    package func observe(_ value: Double, _ labels: String...) {
      instrument.change { $0.observe(value, labels) }
    }
  }
}
