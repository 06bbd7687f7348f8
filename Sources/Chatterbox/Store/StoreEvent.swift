/// What happens while models are fetched, imported or checked.
package enum StoreEvent: Hashable, Sendable {
  /// Another process is changing this model; this one goes on after it.
  case waiting(process: Int32?)
  /// What will be fetched.
  case found(version: String, files: Int, bytes: Int)
  /// How far a file is.
  case progress(FileProgress)
  /// A connection failed; the next attempt follows after a pause.
  case retrying(file: String, reason: String, pause: Duration)
  /// The bytes were not those promised, so the file is fetched anew.
  case restarting(file: String)
  /// A file is whole and verified.
  case finished(FileProgress)
  /// The version was here already.
  case unchanged(version: String)
}

/// How far a file is.
package struct FileProgress: Hashable, Sendable {
  /// What is done with it.
  package enum Work: Hashable, Sendable {
    case download
    case copy
    case verification
    /// Another version has the same file.
    case reuse
  }

  package let work: Work
  package let file: String
  /// Bytes so far.
  package let bytes: Int
  /// Bytes in all.
  package let total: Int
  /// Bytes a second lately; `nil` until it is known.
  package let rate: Double?

  /// The share that is done, 0…1.
  package var share: Double { total > 0 ? min(1, Double(bytes) / Double(total)) : 1 }
}

/// Measures how fast bytes arrive and says so a few times a second.
struct ProgressMeter {
  private static let pause = Duration.milliseconds(200)
  /// The time over which a rate is measured.
  private static let window = Duration.seconds(5)

  private let work: FileProgress.Work
  private let file: String
  private let total: Int
  private let report: @Sendable (StoreEvent) -> Void
  private var marks: [(time: ContinuousClock.Instant, bytes: Int)] = []
  private var lastReport: ContinuousClock.Instant?

  init(
    _ work: FileProgress.Work, _ file: String, total: Int, report: @escaping @Sendable (StoreEvent) -> Void
  ) {
    (self.work, self.file, self.total, self.report) = (work, file, total, report)
  }

  /// Takes the number of bytes that are here, at a time.
  mutating func show(_ bytes: Int, at now: ContinuousClock.Instant = .now) {
    if let lastReport, now - lastReport < Self.pause { return }
    lastReport = now
    if let last = marks.last, bytes < last.bytes { marks = [] }
    marks.removeAll { now - $0.time > Self.window }
    marks.append((now, bytes))
    report(.progress(progress(bytes)))
  }

  /// Says that the file is whole.
  func finish() { report(.finished(progress(total))) }

  private func progress(_ bytes: Int) -> FileProgress {
    var rate: Double?
    if let first = marks.first, let last = marks.last, last.time > first.time {
      rate = Double(last.bytes - first.bytes) / ((last.time - first.time) / .seconds(1))
    }
    return FileProgress(work: work, file: file, bytes: bytes, total: total, rate: rate)
  }
}
