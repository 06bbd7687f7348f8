import Foundation

/// What a person sees. Results go to standard output, everything else to standard error.
enum Terminal {
  static var showsProgress: Bool { isatty(STDERR_FILENO) == 1 }
  static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
  static var inputIsTerminal: Bool { isatty(STDIN_FILENO) == 1 }

  /// A line on standard error.
  static func note(_ line: String) {
    try? FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8))
  }

  /// Lines of a label and a value, the values one under another.
  static func note(_ rows: [(label: String, value: String)]) {
    let width = rows.map(\.label.count).max() ?? 0
    for row in rows {
      note("  " + row.label.padding(toLength: width + 2, withPad: " ", startingAt: 0) + row.value)
    }
  }
}

/// A bar that fills as a text is spoken, on one line of a terminal that it leaves empty.
struct ProgressBar {
  private static let width = 30
  private let start = ContinuousClock.now
  private var isShown = false

  /// Draws the share that is done, 0…1. Short work never shows a bar.
  mutating func show(_ share: Double) {
    guard Terminal.showsProgress, isShown || start.duration(to: .now) > .seconds(1) else { return }
    isShown = true
    let filled = Int((share * Double(Self.width)).rounded())
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: Self.width - filled)
    write("\r  \(bar) \(Int((share * 100).rounded())) %")
  }

  /// Takes the bar away.
  mutating func clear() {
    if isShown { write("\r\u{1B}[K") }
    isShown = false
  }

  private func write(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}
