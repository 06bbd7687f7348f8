import Foundation

/// What the system knows of this process, under Prometheus's usual names. Linux only.
struct ProcessMetrics: Sendable {
  private let memory: MetricsRegistry.Gauge
  private let processorSeconds: MetricsRegistry.Counter
  private let files: MetricsRegistry.Gauge

  init(_ registry: MetricsRegistry) {
    memory = registry.gauge("process_resident_memory_bytes", "Memory that the process holds.")
    processorSeconds = registry.counter("process_cpu_seconds_total", "Time on the processors.")
    files = registry.gauge("process_open_fds", "Files and connections that are open.")
    let start = registry.gauge("process_start_time_seconds", "When the process began, in seconds since 1970.")
    start.set(Date.now.timeIntervalSince1970.rounded())
  }

  /// Takes a new look.
  func update() {
    // Not clock_gettime: which module timespec belongs to depends on how Swift's own library is linked. POSIX has
    // clock() count a million ticks a second.
    let ticks = clock()
    if ticks >= 0 { processorSeconds.set(Double(ticks) / 1e6) }
    if let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?
      .split(separator: " ").dropFirst().first.flatMap({ Double($0) })
    {
      memory.set(pages * Double(sysconf(Int32(_SC_PAGESIZE))))
    }
    if let names = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
      files.set(Double(names.count))
    }
  }
}
