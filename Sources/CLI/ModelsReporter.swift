import Chatterbox
import Foundation
import Synchronization

/// Shows what a store does: on a terminal one line for each file, elsewhere a plain line now and then.
final class ModelsReporter: Sendable {
  private static let plainPause = Duration.seconds(10)
  /// Smaller files have no plain line but their last.
  private static let smallSize = 10_000_000

  private struct State {
    var lastPlain: (file: String, time: ContinuousClock.Instant)?
  }

  private let state = Mutex(State())
  private let isTerminal = Terminal.showsProgress

  func report(_ event: StoreEvent) {
    switch event {
    case .waiting(let process):
      let who = process.map { " (\($0))" } ?? ""
      line("Another process\(who) is changing this model: waiting for it.")
    case .found(_, let files, let bytes): line("\(files) files, \(ByteCount(bytes))")
    case .retrying(let file, let reason, let pause):
      let seconds = Int((pause / .seconds(1)).rounded(.up))
      line("  \(file): \(reason); trying again in \(seconds) s")
    case .restarting(let file): line("  \(file): damaged on the way, fetching it anew")
    case .unchanged(let version): line("The version \(version) is here already.")
    case .finished(let progress):
      let what = progress.work == .verification ? "sound" : "done"
      line("  ✓ \(progress.file)  \(ByteCount(progress.total)) \(what)")
    case .progress(let progress): show(progress)
    }
  }

  private func show(_ progress: FileProgress) {
    if isTerminal { return write("\r\u{1B}[K" + FileLine.text(progress)) }
    guard progress.total >= Self.smallSize else { return }
    let isDue = state.withLock { state in
      if let last = state.lastPlain, last.file == progress.file, .now - last.time < Self.plainPause {
        return false
      }
      state.lastPlain = (progress.file, .now)
      return true
    }
    if isDue { Terminal.note(FileLine.text(progress, hasBar: false)) }
  }

  private func line(_ text: String) {
    if isTerminal { write("\r\u{1B}[K") }
    Terminal.note(text)
  }

  private func write(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }
}

/// How far a file is, in one line of at most 80 characters.
enum FileLine {
  private static let nameWidth = 30
  private static let barWidth = 14

  static func text(_ progress: FileProgress, hasBar: Bool = true) -> String {
    let name = String(progress.file.prefix(nameWidth))
    var parts = [name.padding(toLength: nameWidth, withPad: " ", startingAt: 0)]
    if hasBar {
      let filled = Int((progress.share * Double(barWidth)).rounded(.down))
      parts.append(
        String(repeating: "█", count: filled) + String(repeating: "░", count: barWidth - filled))
    }
    parts.append("\(Int(progress.share * 100)) %")
    switch progress.work {
    case .download, .copy:
      if let rate = progress.rate, rate > 0 {
        parts.append("\(ByteCount(Int(rate)))/s")
        parts.append(duration(Double(progress.total - progress.bytes) / rate))
      }
    case .verification: parts.append("checking")
    case .reuse: parts.append("is here in another version")
    }
    return "  " + parts.joined(separator: " ")
  }

  /// `48 s`, `5 min`, `2.5 h`.
  static func duration(_ seconds: Double) -> String {
    switch seconds {
    case ..<90: "\(Int(seconds.rounded(.up))) s"
    case ..<5400: "\(Int((seconds / 60).rounded())) min"
    case ..<360_000: String(format: "%.1f h", seconds / 3600)
    default: "very long"
    }
  }
}
