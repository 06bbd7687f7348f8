import ArgumentParser
import Chatterbox
import Foundation
import Tensor

/// `chatterbox doctor`: what is installed, which device computes, and what to do about what is missing.
struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Check this installation and say what to do.")

  @OptionGroup var engineOptions: EngineOptions

  func run() async throws {
    var report = DoctorReport()
    report.add("devices", Device.all.map { "\($0.name) (\($0.description))" }.joined(separator: ", "))
    report.add(
      "espeak-ng", isFine: Programs.isInstalled("espeak-ng"), "installed",
      otherwise: "missing: 'make setup' installs it; nothing can speak without it")
    report.add(
      "mecab", isFine: Programs.isInstalled("mecab"), "installed",
      otherwise: "missing: Japanese kanji are not read; 'make setup' installs it", isNeeded: false)
    do {
      let configuration = try engineOptions.load()
      report.add("configuration", "valid")
      let engine = try engineOptions.makeEngine(configuration)
      report.add("models", engine.store.directory.path)
      report.add("device", engine.configuration.device)
      report.add("threads", Self.threads(engine.configuration))
      await check(engine, &report)
    } catch {
      report.add("configuration", isFine: false, "", otherwise: "\(error)")
    }
    report.print()
    if report.hasFailed { throw ExitCode.failure }
  }

  /// How many threads compute on the CPU, and why.
  private static func threads(_ configuration: EngineConfiguration) -> String {
    if let threads = configuration.threads { return "\(threads), as configured" }
    let limits = ProcessorLimits.current
    let quota = limits.quota.map { String(format: ", the container gives %.1f", $0) } ?? ""
    return "\(limits.threads): the process may run on \(limits.processors) processors\(quota)"
  }

  /// Speaks one word with each model that is there.
  private func check(_ engine: ChatterboxEngine, _ report: inout DoctorReport) async {
    for model in engine.store.models {
      guard model.installed else {
        let isNeeded = model.name == "starter"
        report.add(
          model.name, isFine: false, "",
          otherwise: isNeeded ? "missing: 'make setup' installs it" : "not installed", isNeeded: isNeeded)
        continue
      }
      do {
        let speech = try await engine.generate(SpeechRequest(text: "Hello.", model: model.name))
        report.add(model.name, String(format: "speaks, %.0f ms for one word", speech.timings.total * 1000))
      } catch {
        report.add(model.name, isFine: false, "", otherwise: "\(error)")
      }
    }
  }
}

/// Lines of what was found, with a mark before each.
struct DoctorReport {
  private var lines: [String] = []
  private(set) var hasFailed = false

  mutating func add(_ subject: String, _ finding: String) {
    add(subject, isFine: true, finding, otherwise: "")
  }

  mutating func add(
    _ subject: String, isFine: Bool, _ finding: String, otherwise problem: String, isNeeded: Bool = true
  ) {
    if !isFine, isNeeded { hasFailed = true }
    let mark = isFine ? "✓" : isNeeded ? "✗" : "–"
    let name = subject.padding(toLength: max(16, subject.count + 1), withPad: " ", startingAt: 0)
    lines.append("\(mark) \(name)\(isFine ? finding : problem)")
  }

  func print() {
    lines.forEach { Swift.print($0) }
    Swift.print(hasFailed ? "\nSomething is missing: see ✗." : "\nReady to speak.")
  }
}
